using System.Globalization;
using System.Text.Json;

namespace Hooke.Claims;

/// <summary>
/// A figure as a formula of a JSON document, such as <c>100 * testError</c> or <c>max(simulated[workers=4].points[*].failed)</c>.
/// </summary>
/// <remarks>
/// A path names properties, divided by dots; <c>[2]</c> is an element, <c>[-1]</c> the last one, <c>[*]</c> all, <c>[key=text]</c> the one
/// whose property has that value. Numbers are joined by + − * / and parentheses, element by element where there are several; true is 1
/// and false 0. <c>min max mean median sum count abs sqrt</c> are functions. The whole must be one number.
/// </remarks>
internal sealed class Expression
{
    private readonly string text;
    private readonly JsonElement document;
    private int at;

    private Expression(string text, JsonElement document) => (this.text, this.document) = (text, document);

    /// <summary>The value.</summary>
    /// <exception cref="FormatException">The formula can't be read, or the document lacks what it names.</exception>
    public static double Of(string text, JsonElement document)
    {
        var reader = new Expression(text, document);
        double[] values = reader.Sum();
        if (reader.Next() is { } left) throw reader.Wrong($"'{left}' is left over");
        return values is [var value] ? value : throw reader.Wrong($"gives {values.Length} values; a figure is one");
    }

    private FormatException Wrong(string what) => new($"{text}: {what}");

    private char? Next()
    {
        while (at < text.Length && text[at] == ' ') at++;
        return at < text.Length ? text[at] : null;
    }

    private bool Skip(char symbol)
    {
        if (Next() != symbol) return false;
        at++;
        return true;
    }

    private void Demand(char symbol)
    {
        if (!Skip(symbol)) throw Wrong($"'{symbol}' is missing at {at + 1}");
    }

    private double[] Sum()
    {
        double[] value = Product();
        while (true)
        {
            if (Skip('+')) value = Join(value, Product(), (a, b) => a + b);
            else if (Skip('-')) value = Join(value, Product(), (a, b) => a - b);
            else return value;
        }
    }

    private double[] Product()
    {
        double[] value = Factor();
        while (true)
        {
            if (Skip('*')) value = Join(value, Factor(), (a, b) => a * b);
            else if (Skip('/')) value = Join(value, Factor(), (a, b) => a / b);
            else return value;
        }
    }

    private double[] Factor()
    {
        if (Skip('-')) return [.. Factor().Select(value => -value)];
        if (Skip('('))
        {
            double[] inner = Sum();
            Demand(')');
            return inner;
        }
        if (Next() is { } digit && char.IsAsciiDigit(digit)) return [Number()];
        string name = Name();
        return Next() == '(' ? Call(name) : Path(name);
    }

    private double Number()
    {
        int start = at;
        while (at < text.Length && (char.IsAsciiDigit(text[at]) || text[at] is '.' or 'e' || (text[at] == '-' && text[at - 1] == 'e'))) at++;
        return double.TryParse(text[start..at], CultureInfo.InvariantCulture, out double number) ? number : throw Wrong($"{text[start..at]} is not a number");
    }

    private string Name()
    {
        Next();
        int start = at;
        while (at < text.Length && (char.IsLetterOrDigit(text[at]) || text[at] == '_')) at++;
        return at > start ? text[start..at] : throw Wrong($"a name is missing at {at + 1}");
    }

    private double[] Call(string function)
    {
        Demand('(');
        double[] all = Sum();
        while (Skip(',')) all = [.. all, .. Sum()];
        Demand(')');
        if (all.Length == 0 && function != "count") throw Wrong($"{function} of nothing");
        return function switch
        {
            "min" => [all.Min()],
            "max" => [all.Max()],
            "mean" => [all.Average()],
            "median" => [all.Order().ElementAt(all.Length / 2)],
            "sum" => [all.Sum()],
            "count" => [all.Length],
            "abs" => [.. all.Select(Math.Abs)],
            "sqrt" => [.. all.Select(Math.Sqrt)],
            _ => throw Wrong($"{function} is not a function; functions are min, max, mean, median, sum, count, abs and sqrt"),
        };
    }

    private double[] Path(string name)
    {
        List<JsonElement> found = [Property(document, name)];
        while (true)
        {
            if (Skip('.'))
            {
                string next = Name();
                found = [.. found.Select(element => Property(element, next))];
            }
            else if (Skip('['))
            {
                int end = text.IndexOf(']', at);
                if (end < 0) throw Wrong("']' is missing");
                string which = text[at..end];
                at = end + 1;
                found = [.. found.SelectMany(element => Elements(element, which))];
            }
            else
            {
                return [.. found.Select(Value)];
            }
        }
    }

    private JsonElement Property(JsonElement element, string name)
        => element.ValueKind == JsonValueKind.Object && element.TryGetProperty(name, out var value) ? value : throw Wrong($"the document has no {name}");

    private IEnumerable<JsonElement> Elements(JsonElement array, string which)
    {
        if (array.ValueKind != JsonValueKind.Array) throw Wrong($"[{which}] asks for an array");
        int count = array.GetArrayLength();
        if (which == "*") return array.EnumerateArray();
        if (int.TryParse(which, CultureInfo.InvariantCulture, out int index))
            return -count <= index && index < count ? [array[index < 0 ? count + index : index]] : throw Wrong($"[{which}] of {count} elements");
        if (which.Split('=') is not [var key, var value]) throw Wrong($"[{which}] is neither a number, nor *, nor key=text");
        JsonElement[] same = [.. array.EnumerateArray().Where(element => Property(element, key).ToString() == value)];
        return same.Length > 0 ? same : throw Wrong($"no element has {key} {value}");
    }

    private double Value(JsonElement element) => element.ValueKind switch
    {
        JsonValueKind.Number => element.GetDouble(),
        JsonValueKind.True => 1,
        JsonValueKind.False => 0,
        _ => throw Wrong($"{element.ValueKind.ToString().ToLowerInvariant()} is not a number"),
    };

    private double[] Join(double[] a, double[] b, Func<double, double, double> join)
        => a.Length == b.Length ? [.. a.Zip(b, join)]
            : b.Length == 1 ? [.. a.Select(value => join(value, b[0]))]
            : a.Length == 1 ? [.. b.Select(value => join(a[0], value))]
            : throw Wrong($"{a.Length} values meet {b.Length}");
}
