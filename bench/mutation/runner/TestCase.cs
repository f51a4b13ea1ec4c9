using System.Collections;
using System.Reflection;

namespace Mutants;

/// <summary>A row of an xUnit test.</summary>
/// <param name="Name">Class, method and row.</param>
/// <param name="Method">The method.</param>
/// <param name="Arguments">The row.</param>
public sealed record TestCase(string Name, MethodInfo Method, object?[] Arguments)
{
    /// <summary>Runs it; throws what it throws.</summary>
    public void Run()
    {
        object? on = Method.IsStatic ? null : Activator.CreateInstance(Method.DeclaringType!);
        try
        {
            if (Method.Invoke(on, BindingFlags.DoNotWrapExceptions, null, Arguments, null) is Task task) task.GetAwaiter().GetResult();
        }
        finally
        {
            (on as IDisposable)?.Dispose();
        }
    }

    /// <summary>All tests of an assembly.</summary>
    /// <param name="assembly">It.</param>
    public static IEnumerable<TestCase> In(Assembly assembly)
    {
        foreach (var type in assembly.GetTypes().Where(type => type is { IsClass: true, IsAbstract: false } and { ContainsGenericParameters: false }))
            foreach (var method in type.GetMethods())
            {
                var attributes = method.GetCustomAttributes().ToList();
                if (!attributes.Any(a => a.GetType().Name is "FactAttribute" or "TheoryAttribute")) continue;
                int row = 0;
                foreach (object?[] arguments in attributes.Any(a => a.GetType().Name == "TheoryAttribute") ? attributes.SelectMany(a => Rows(a, type)) : [[]])
                    yield return new($"{type.Name}.{method.Name}#{row++}", method, [.. method.GetParameters().Zip(arguments, (parameter, value) => parameter.ParameterType.IsPrimitive ? Convert.ChangeType(value, parameter.ParameterType) : value)]);
            }
    }

    private static IEnumerable<object?[]> Rows(Attribute attribute, Type type)
    {
        object? Property(string name) => attribute.GetType().GetProperty(name)?.GetValue(attribute);
        switch (attribute.GetType().Name)
        {
            case "InlineDataAttribute":
                yield return (object?[])Property("Data")!;
                break;
            case "MemberDataAttribute":
                var owner = (Type?)Property("MemberType") ?? type;
                foreach (object? row in (IEnumerable)owner.GetProperty((string)Property("MemberName")!, BindingFlags.Public | BindingFlags.Static | BindingFlags.FlattenHierarchy)!.GetValue(null)!)
                    yield return row as object?[] ?? (object?[])row!.GetType().GetInterface("ITheoryDataRow")!.GetMethod("GetData")!.Invoke(row, null)!;
                break;
        }
    }
}
