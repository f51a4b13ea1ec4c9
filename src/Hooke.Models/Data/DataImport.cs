namespace Hooke.Models.Data;

/// <summary>Turns any data set into a file of Hooke's own format, which is mapped instead of read: for data larger than memory, or to start faster.</summary>
public static class DataImport
{
    /// <summary>Writes the file. Folders of images pass through one image at a time, so they may exceed memory.</summary>
    /// <param name="source">A name of the catalog, or a path that <see cref="DataCatalog.Load(string, Action{string}, TextOptions, double)"/> accepts.</param>
    /// <param name="target">The file to write; it must end with <c>.hooke</c> and appears when it is complete.</param>
    /// <param name="notice">Told about progress, and about data that stand in for others, if not null.</param>
    /// <returns>The data set, mapped from the file.</returns>
    /// <exception cref="InvalidDataSetException">The source cannot be read, or the file cannot be written.</exception>
    public static DataSet Run(string source, string target, Action<string>? notice = null)
    {
        if (!target.EndsWith(MappedFile.Extension, StringComparison.Ordinal)) throw new InvalidDataSetException($"the file to write is {target}; its name must end with {MappedFile.Extension}");
        MappedFile.Write(target, DataCatalog.Open(source, notice), notice);
        DataSet data = MappedFile.Open(target, false);
        ClassCheck.Examine(data, notice);
        notice?.Invoke($"{target}: {data}, {new FileInfo(target).Length} bytes");
        return data;
    }

    /// <summary>Maps a file that <see cref="Run"/> has written.</summary>
    /// <param name="path">The file.</param>
    /// <param name="check">Whether to compare all data with their checksum; by default in files of up to 4 GiB.</param>
    /// <exception cref="InvalidDataSetException">The file is missing, truncated, corrupt, or of another kind.</exception>
    public static DataSet Open(string path, bool? check = null) => MappedFile.Open(path, check);
}
