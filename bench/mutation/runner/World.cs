using System.Reflection;
using System.Runtime.Loader;
using Mono.Cecil;
using Mono.Cecil.Cil;
using MethodBody = Mono.Cecil.Cil.MethodBody;

namespace Mutants;

/// <summary>The mutated assembly and its tests, loaded on their own, so that what is static starts anew with every world.</summary>
public sealed class World : AssemblyLoadContext
{
    private readonly string folder;
    private readonly byte[] mutated;
    private readonly string mutatedName;

    /// <summary>Loads them.</summary>
    /// <param name="folder">Where the tests are.</param>
    /// <param name="mutatedName">The mutated assembly's name.</param>
    /// <param name="mutated">The assembly, by <see cref="Rewire"/>.</param>
    /// <param name="tests">The tests' assembly.</param>
    public World(string folder, string mutatedName, byte[] mutated, string tests) : base(isCollectible: true)
    {
        (this.folder, this.mutatedName, this.mutated) = (folder, mutatedName, mutated);
        Tests = LoadFromAssemblyName(new(tests));
    }

    /// <summary>The tests.</summary>
    public Assembly Tests { get; }

    /// <summary>Makes a mutated assembly ask <see cref="Switch"/>.</summary>
    /// <param name="path">Stryker's output.</param>
    public static byte[] Rewire(string path)
    {
        using var module = ModuleDefinition.ReadModule(path);
        var isActive = module.Types.Single(type => type.Name == "MutantControl").Methods.Single(method => method.Name == "IsActive");
        isActive.Body = new MethodBody(isActive);
        var code = isActive.Body.GetILProcessor();
        code.Emit(OpCodes.Ldarg_0);
        code.Emit(OpCodes.Call, module.ImportReference(typeof(Switch).GetMethod(nameof(Switch.IsActive))));
        code.Emit(OpCodes.Ret);
        using var stream = new MemoryStream();
        module.Write(stream);
        return stream.ToArray();
    }

    /// <inheritdoc/>
    protected override Assembly? Load(AssemblyName name)
    {
        if (name.Name == mutatedName) return LoadFromStream(new MemoryStream(mutated));
        string path = Path.Combine(folder, name.Name + ".dll");
        // What is not mutated and not the tests is shared by all worlds.
        return !File.Exists(path) ? null : name.Name!.StartsWith("Hooke") && name.Name != "Hooke" ? LoadFromStream(new MemoryStream(File.ReadAllBytes(path)))
            : Default.Assemblies.FirstOrDefault(a => a.GetName().Name == name.Name) ?? Default.LoadFromAssemblyPath(path);
    }
}
