using System.Text;
using System.Text.RegularExpressions;

namespace Hooke.Fuzz;

/// <summary>Ways to change a valid input a little.</summary>
internal static partial class Mutations
{
    private const int Most = 3, LongestPiece = 40;

    private static readonly long[] Interesting =
    [
        0, 1, -1, 127, 128, 255, 256, 32767, 65535, 65536, int.MaxValue, int.MinValue, uint.MaxValue, 1L << 26, (1L << 26) + 1, 1L << 30,
        1L << 31, long.MaxValue, long.MinValue, 1L << 60,
    ];

    private static readonly string[] Values =
    [
        "0", "-1", "1e999", "-1e999", "1e308", "1e-320", "NaN", "\"NaN\"", "\"Infinity\"", "null", "true", "\"\"", "[]", "{}", "[1,2]", "[null]",
        "2147483648", "9223372036854775808", "1e300", "0.1", "-0.0", "\"1e999 s\"", "\"\\u0000\"", "\"\\ud800\"", "\"../../../etc/passwd\"",
        "{\"a\":{\"b\":1}}", "99999999999999999999999999", "1e9", "1000000", "\"nan\"", "\"-5 ms\"", "0x10", "\"ä\"", "\"die\"", "\"\\uFEFF1\"", "3",
        "17", "0.5", "\"/dev/zero\"",
    ];

    /// <summary>Changes bytes: flips, cuts, doubles, moves and overwrites pieces, and puts other numbers in the place of numbers.</summary>
    public static byte[] Bytes(byte[] valid, Dice dice)
    {
        List<byte> all = [.. valid];
        for (int changes = dice.From(1, Most); changes > 0 && all.Count > 0; changes--)
        {
            int at = dice.Below(all.Count), length = Math.Min(all.Count - at, dice.From(1, Math.Min(LongestPiece, all.Count)));
            switch (dice.Below(9))
            {
                case 0 or 1: all[at] ^= (byte)(1 << dice.Below(8)); break;
                case 2: all[at] = (byte)dice.Below(256); break;
                case 3: all.RemoveRange(at, length); break;
                case 4: all.RemoveRange(at, all.Count - at); break;
                case 5: all.InsertRange(dice.Below(all.Count), all.GetRange(at, length)); break;
                case 6: all.InsertRange(at, Enumerable.Range(0, length).Select(_ => (byte)dice.Below(256))); break;
                case 7: Overwrite(all, at, dice); break;
                default: all = Number(all, dice); break;
            }
        }
        return [.. all];
    }

    /// <summary>Changes JSON: values are replaced by others, keys doubled, removed or renamed; now and then bytes.</summary>
    public static byte[] Json(byte[] valid, Dice dice)
    {
        if (dice.Once(4)) return Bytes(valid, dice);
        string text = Encoding.UTF8.GetString(valid);
        for (int changes = dice.From(1, Most); changes > 0; changes--)
        {
            var values = Value().Matches(text);
            var keys = Key().Matches(text);
            if (values.Count > 0 && (keys.Count == 0 || !dice.Once(4)))
            {
                var value = values[dice.Below(values.Count)];
                text = text[..value.Index] + dice.Of(Values) + text[(value.Index + value.Length)..];
            }
            else if (keys.Count > 0)
            {
                var key = keys[dice.Below(keys.Count)];
                string before = text[..key.Index], after = text[(key.Index + key.Length)..];
                text = dice.Below(3) switch
                {
                    0 => $"{before}{keys[dice.Below(keys.Count)].Value}{after}",
                    1 => $"{before}{key.Value}1,{key.Value}{after}",
                    _ => $"{before}\"{key.Groups[1].Value}{dice.Of((string[])["x", "\\ud800", ""])}\":{after}",
                };
            }
        }
        return Encoding.UTF8.GetBytes(text);
    }

    /// <summary>Changes one line of several, or a word or a sign of it.</summary>
    public static byte[] Words(byte[] valid, Dice dice)
    {
        if (dice.Once(3)) return Bytes(valid, dice);
        string text = Encoding.UTF8.GetString(valid);
        for (int changes = dice.From(1, Most); changes > 0; changes--)
        {
            var words = Word().Matches(text);
            if (words.Count == 0) return Bytes(valid, dice);
            var word = words[dice.Below(words.Count)];
            string before = text[..word.Index], after = text[(word.Index + word.Length)..];
            text = dice.Below(4) switch
            {
                0 => before + after,
                1 => before + words[dice.Below(words.Count)].Value + after,
                2 => $"{before}{word.Value}{dice.Of((string[])[" ", "\t", ",", ";", ":", "=", "\r", "\n", "\r\n", "#", "\"", "\u00a0", "ä"])}{word.Value}{after}",
                _ => before + dice.Of(Values).Trim('"') + after,
            };
        }
        return Encoding.UTF8.GetBytes(text);
    }

    private static void Overwrite(List<byte> all, int at, Dice dice)
    {
        byte[] number = BitConverter.GetBytes(dice.Of(Interesting))[..(1 << dice.Below(4))];
        if (dice.Once(2)) Array.Reverse(number);
        for (int k = 0; k < number.Length && at + k < all.Count; k++) all[at + k] = number[k];
    }

    private static List<byte> Number(List<byte> all, Dice dice)
    {
        string text = Encoding.Latin1.GetString([.. all]);
        var numbers = Digits().Matches(text);
        if (numbers.Count == 0) return all;
        var number = numbers[dice.Below(numbers.Count)];
        return [.. Encoding.Latin1.GetBytes(text[..number.Index] + dice.Of(Values).Trim('"') + text[(number.Index + number.Length)..])];
    }

    [GeneratedRegex("""(?<=[:\[,]\s*)("([^"\\]|\\.)*"(?!\s*:)|-?[0-9][-+.0-9eE]*|true|false|null)""")]
    private static partial Regex Value();

    [GeneratedRegex("""(?<=[{,]\s*)"([A-Za-z]+)"\s*:""")]
    private static partial Regex Key();

    [GeneratedRegex(@"[^\s,;:=#/@*^]+")]
    private static partial Regex Word();

    [GeneratedRegex(@"-?[0-9]+(\.[0-9]+)?([eE][-+]?[0-9]+)?")]
    private static partial Regex Digits();
}
