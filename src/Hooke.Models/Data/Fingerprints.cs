using System.Runtime.InteropServices;
using System.Security.Cryptography;
using System.Text;

namespace Hooke.Models.Data;

/// <summary>Tells data apart by a SHA-256 of all that a model can learn from them or be tested on.</summary>
internal static class Fingerprints
{
    private const int Piece = 1 << 24;

    /// <summary>Of examples and of what they have in common, their name left out: a set that has moved is the same.</summary>
    public static string Of(Layout layout, params Examples?[] parts)
    {
        Examples[] all = [.. parts.OfType<Examples>()];
        string common = $"{layout.Shape} {layout.Element} {layout.Target} {layout.TargetShape} {layout.Classes} {layout.Standardized} {string.Join(' ', all.Select(part => part.Count))}";
        return Of([common, .. Texts(layout.Names)], all.SelectMany(part => (Region[])[part.Inputs, part.Targets]));
    }

    /// <summary>Of texts and bytes.</summary>
    public static string Of(IEnumerable<string> texts, IEnumerable<Region> regions)
    {
        using var hash = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
        foreach (string text in texts)
        {
            // The length ends a text, so that no two lists of texts are the same bytes.
            byte[] utf8 = Encoding.UTF8.GetBytes(text);
            hash.AppendData(MemoryMarshal.AsBytes<int>([utf8.Length]));
            hash.AppendData(utf8);
        }
        foreach (var region in regions)
            for (long at = 0; at < region.Length; at += Piece) hash.AppendData(region.Slice(at, Math.Min(Piece, region.Length - at)).Span<byte>());
        return Convert.ToHexStringLower(hash.GetHashAndReset());
    }

    /// <summary>What classes and columns are called, as texts of which no two sets of names have the same.</summary>
    public static IEnumerable<string> Texts(Names names)
        => [$"{names.Classes.Count} {names.Features.Count} {names.IndexBase}", .. names.Classes, .. names.Features, names.Target ?? ""];
}
