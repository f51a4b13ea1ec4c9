using System.Numerics;
using Hooke.Theory.LinearMaps;
using Xunit;
using Matrix = MathNet.Numerics.LinearAlgebra.Matrix<double>;
using Vector = MathNet.Numerics.LinearAlgebra.Vector<double>;

namespace Hooke.Tests.Theory;

/// <summary>The linear algebra that rounds are made of, against its definitions.</summary>
public sealed class LinearAlgebraTests
{
    private static Matrix Random(Dice draws, int rows, int columns) => Matrix.Build.Dense(rows, columns, (_, _) => draws.Between(-1, 1));

    private static Matrix Symmetric(Dice draws, int n) => Random(draws, n, n) is var m ? m + m.Transpose() : m;

    private static Vector Entries(Matrix s) => Vector.Build.DenseOfEnumerable(from i in Enumerable.Range(0, s.RowCount) from j in Enumerable.Range(i, s.RowCount - i) select s[i, j]);

    [Theory]
    [InlineData(1, 1)]
    [InlineData(3, 3)]
    [InlineData(4, 2)]
    [InlineData(2, 4)]
    public void Symmetric_matrices_are_their_upper_triangles(int rows, int size)
    {
        var draws = new Dice((ulong)rows);
        Matrix x = Random(draws, rows, size + 1), s = Symmetric(draws, size), used = x.SubMatrix(0, rows, 0, size);
        var entries = Entries(s);
        Assert.Equal(entries.Count, SymmetricSquare.Length(size));
        Theories.AssertEqual(s, SymmetricSquare.Unfold(entries, size), 0);
        // f X S Xᵀ, added to what is there, and nowhere else.
        int length = SymmetricSquare.Length(rows);
        Matrix into = Matrix.Build.Dense(length + 3, entries.Count + 3, 1);
        SymmetricSquare.AddMap(into, 1, 2, x, size, 0.7);
        var map = (into - 1).SubMatrix(1, length, 2, entries.Count);
        Theories.AssertEqual(Entries(0.7 * used * s * used.Transpose()).ToColumnMatrix(), (map * entries).ToColumnMatrix(), 1e-14);
        into.SetSubMatrix(1, 2, Matrix.Build.Dense(length, entries.Count, 1));
        Theories.AssertEqual(Matrix.Build.Dense(length + 3, entries.Count + 3, 1), into, 0);
        var y = Random(draws, size, 1).Column(0);
        var sum = Vector.Build.Dense(entries.Count + 2, 1);
        SymmetricSquare.AddOuter(sum, 1, y, 0.3);
        Assert.Equal((1, 1), (sum[0], sum[^1]));
        Theories.AssertEqual(0.3 * y.OuterProduct(y), SymmetricSquare.Unfold(sum.SubVector(1, entries.Count) - 1, size), 1e-14);
        var shifted = Vector.Build.Dense([9, .. entries]);
        Assert.Equal(y * s * y, SymmetricSquare.Quadratic(shifted, 1, y), 1e-14);
    }

    [Fact]
    public void A_power_is_the_product()
    {
        var draws = new Dice(1);
        var m = Random(draws, 3, 3);
        Vector y = Random(draws, 3, 1).Column(0), expected = y.Clone();
        for (int t = 0; t < 20; t++, expected = m * expected) Theories.AssertEqual(expected.ToColumnMatrix(), Powers.Apply(m, y, t).ToColumnMatrix(), 1e-13);
    }

    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    [InlineData(3)]
    [InlineData(5)]
    public void Eigenvalues_are_those_of_the_matrix(int size)
    {
        for (int trial = 0; trial < 50; trial++)
        {
            var m = Random(new((ulong)trial), size, size);
            var values = Spectrum.Of(m);
            Theories.AssertSame(m.Evd().EigenValues, values, 1e-7);
            Assert.Equal(values.Max(z => z.Magnitude), Spectrum.Radius(values));
            Theories.AssertSame(from i in Enumerable.Range(0, size) from j in Enumerable.Range(i, size - i) select values[i] * values[j], Spectrum.Products(values), 1e-12);
        }
        Assert.Empty(Spectrum.Of(Matrix.Build.Dense(0, 0)));
        Assert.Equal(0, Spectrum.Radius([]));
    }

    [Fact]
    public void Two_eigenvalues_are_exact_to_rounding_and_overflow_is_refused()
    {
        var values = Spectrum.Of(Matrix.Build.DenseOfArray(new[,] { { 1.0, 0 }, { 5, 1e-12 } }));
        Theories.AssertSame([1, 1e-12], values, 1e-15);
        var negative = Spectrum.Of(Matrix.Build.DenseOfArray(new[,] { { -1.0, 0 }, { 5, -1e-12 } }));
        Theories.AssertSame([-1, -1e-12], negative, 1e-15);
        Theories.AssertSame([new Complex(0.5, 2), new Complex(0.5, -2)], Spectrum.Of(Matrix.Build.DenseOfArray(new[,] { { 0.5, 4 }, { -1, 0.5 } })), 1e-15);
        Assert.Equal("an entry of the round's map is Infinity; rates and curvature must be such that all are below 1E+100", Assert.Throws<ArgumentException>(() => Spectrum.Of(Matrix.Build.Dense(3, 3, double.PositiveInfinity))).Message);
    }

    [Fact]
    public void A_subspace_is_spanned_by_what_it_was_given()
    {
        var draws = new Dice(2);
        Vector a = Random(draws, 5, 1).Column(0), b = Random(draws, 5, 1).Column(0);
        var space = new Subspace(5);
        Assert.Equal((5, 0), (space.Basis().RowCount, space.Basis().ColumnCount));
        space.Add(a);
        space.Add(1e6 * a);
        space.Add(b);
        space.Add(a - 2 * b);
        Assert.Equal(2, space.Count);
        var basis = space.Basis();
        Theories.AssertEqual(Matrix.Build.DenseIdentity(2), basis.TransposeThisAndMultiply(basis), 1e-14);
        foreach (var vector in new[] { a, b }) Assert.InRange((vector - basis * basis.TransposeThisAndMultiply(vector)).L2Norm(), 0, 1e-14);
        // A shift reaches what follows its start, until the end.
        var shift = Matrix.Build.Dense(5, 5, (i, j) => i == j + 1 ? 1 : 0);
        var reached = new Subspace(5);
        reached.Add(Vector.Build.Dense(5, k => k == 2 ? 3 : 0));
        reached.AddImages(shift);
        Assert.Equal(3, reached.Count);
        var images = new Subspace(5);
        images.AddImages(shift, reached);
        Assert.Equal(2, images.Count);
        for (int k = 0; k < 9; k++) images.Add(Random(draws, 5, 1).Column(0));
        Assert.Equal(5, images.Count);
    }

    [Theory]
    [InlineData(4)]
    [InlineData(30)]
    [InlineData(150)]
    public void The_dominant_eigenvalue_is_the_largest(int size)
    {
        // Not negative, so that the largest eigenvalue is real and belongs to a vector that is not negative either.
        var draws = new Dice((ulong)size);
        var m = Matrix.Build.Dense(size, size, (_, _) => draws.Between(0, 1));
        Assert.Equal(1, DominantEigenvalue.Of(x => m * x, size, Vector.Build.Dense(size, 1)) / m.Evd().EigenValues.Max(z => z.Real), 1e-11);
        // A gap of a thousandth takes restarts.
        var close = Matrix.Build.Dense(size, size, (i, j) => i == j ? 2 - i * 1e-3 : 0);
        Assert.Equal(2, DominantEigenvalue.Of(x => close * x, size, Vector.Build.Dense(size, 1)), 1e-9);
        // Nothing outside of the start.
        Assert.Equal(2, DominantEigenvalue.Of(x => 2 * x, size, Vector.Build.Dense(size, 1)), 1e-12);
    }
}
