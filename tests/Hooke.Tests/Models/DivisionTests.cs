using Hooke.Models.Data;
using Xunit;

namespace Hooke.Tests.Models;

/// <summary>Which examples are held out for test and validation.</summary>
public sealed class DivisionTests
{
    [Fact]
    public void One_of_every_ten_neighbors_is_a_test_example_at_a_random_place()
    {
        int[] tests = [.. Enumerable.Range(0, 100_000).Where(k => Division.IsTest(k, 100_000))];
        Assert.Equal(10_000, tests.Length);
        Assert.All(tests.Select((test, j) => (test, j)), pair => Assert.Equal(pair.j, pair.test / 10));
        // Each of the ten places 1000 times, but for 5 standard deviations of a binomial number.
        Assert.All(tests.CountBy(test => test % 10), place => Assert.InRange(place.Value, 850, 1150));
        // And not in turn: neighbors' places are independent.
        double correlation = tests.Zip(tests.Skip(1), (a, b) => (a % 10 - 4.5) * (b % 10 - 4.5)).Average() / 8.25;
        Assert.InRange(correlation, -0.05, 0.05);
    }

    [Theory]
    [InlineData(2)]
    [InlineData(3)]
    [InlineData(7)]
    [InlineData(10)]
    [InlineData(20)]
    [InlineData(100)]
    public void Classes_that_take_turns_are_on_both_sides_whatever_the_period(int period)
    {
        var classes = Enumerable.Range(0, 100 * period).Where(k => Division.IsTest(k, 100 * period)).CountBy(k => k % period).ToDictionary();
        Assert.Equal(period, classes.Count);
        Assert.All(classes.Values, count => Assert.InRange(count, 1, 30)); // of 100, so each trains, too
    }

    [Fact]
    public void An_example_stays_where_it_is_when_others_are_added_behind_it()
    {
        for (int count = 10; count < 200; count++)
            for (int k = 0; k < count; k++) Assert.Equal(Division.IsTest(k, 200), Division.IsTest(k, count));
    }

    [Theory]
    [InlineData(1, 0)]
    [InlineData(2, 1)]
    [InlineData(9, 1)]
    [InlineData(10, 1)]
    [InlineData(4711, 471)]
    public void Test_examples_are_counted_as_they_are_drawn(int count, int tests)
    {
        int before = 0;
        for (int k = 0; k < count; k++)
        {
            Assert.Equal(before, Division.TestsBefore(k, count));
            if (Division.IsTest(k, count)) before++;
        }
        Assert.Equal(before, Division.TestsBefore(count, count));
        Assert.InRange(before, tests, tests + 1);
    }

    [Theory]
    [InlineData(1000, 0.1, 100)]
    [InlineData(1000, 0.25, 250)]
    [InlineData(997, 0.3, 299)]
    [InlineData(5, 0.1, 1)]
    [InlineData(2, 0.5, 1)]
    public void Validation_examples_are_drawn_from_the_rest_in_the_same_way(int count, double fraction, int expected)
    {
        int[] held = [.. Division.Validation(count, fraction)];
        Assert.InRange(held.Length, (int)(0.9 * expected), expected + 1);
        Assert.True(held.Length >= 1 && held.Length < count);
        Assert.All(held.Zip(held.Skip(1)), pair => Assert.True(pair.First < pair.Second));
        Assert.All(held, index => Assert.InRange(index, 0, count - 1));
        Assert.NotEqual([.. Enumerable.Range(0, 1000).Where(k => Division.IsTest(k, 1000))], [.. Division.Validation(1000, 0.1)]);
    }
}
