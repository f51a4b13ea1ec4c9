using System.Numerics;

namespace Hooke.Problems;

/// <summary>Checks what a problem is made of; errors name parameter, value and range.</summary>
internal static class Require
{
    /// <summary>A finite number above 0.</summary>
    public static double Positive(double value, string name)
        => double.IsFinite(value) && value > 0 ? value : throw new ArgumentException($"{name} is {value}; it must be finite and above 0");

    /// <summary>Numbers that are finite and above 0 in the number type of the problem.</summary>
    public static T[] Positive<T>(ReadOnlySpan<double> values, string name) where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        var numbers = Finite<T>(values, name);
        for (int k = 0; k < numbers.Length; k++)
            if (numbers[k] <= T.Zero) throw new ArgumentException($"{name}[{k}] is {values[k]}; it must be above 0");
        return numbers;
    }

    /// <summary>At least one number, each finite in the number type of the problem.</summary>
    public static T[] Finite<T>(ReadOnlySpan<double> values, string name) where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        if (values.IsEmpty) throw new ArgumentException($"{name} has 0 entries; it must have at least 1");
        var numbers = new T[values.Length];
        for (int k = 0; k < numbers.Length; k++)
        {
            numbers[k] = T.CreateTruncating(values[k]);
            if (!T.IsFinite(numbers[k])) throw new ArgumentException($"{name}[{k}] is {values[k]}; it must be a finite {typeof(T).Name}");
        }
        return numbers;
    }

    /// <summary>As many finite numbers as the problem has dimensions; one stands for all.</summary>
    public static T[] Finite<T>(ReadOnlySpan<double> values, string name, int dimension) where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        var numbers = Finite<T>(values, name);
        if (numbers.Length == dimension) return numbers;
        if (numbers.Length != 1) throw new ArgumentException($"{name} has {values.Length} entries; it must have 1 or {dimension}");
        var all = new T[dimension];
        all.AsSpan().Fill(numbers[0]);
        return all;
    }
}
