using Hooke.Models.Data;
using Xunit;

namespace Hooke.Tests.Models;

public sealed class ChunkLoaderTests : IDisposable
{
    private static readonly Sampling Loading = new(SamplingKind.Loaders) { Loaders = 3, Chunk = 20, Batch = 16 };

    private readonly string path = Path.Combine(Path.GetTempPath(), $"hooke-{Path.GetRandomFileName()}.hooke");

    public void Dispose() => File.Delete(path);

    [Fact]
    public void The_chunks_of_all_loaders_are_what_a_worker_finds_in_the_pool()
    {
        ExampleStream stream = new(Loading, 500);
        for (int pool = 0; pool < 100; pool++)
        {
            int[] found = new int[60], chunks = new int[60];
            stream.Fill(new(7, 1, 0, pool * 60L, 60), found);
            for (int loader = 0; loader < 3; loader++) stream.FillChunk(7, pool, loader, chunks.AsSpan(20 * loader, 20));
            Assert.Equal(chunks.Order(), found.Order());
        }
    }

    [Fact]
    public void Chunks_of_a_mapped_file_are_loaded_whole_without_allocating()
    {
        MappedFile.Write(path, ExampleReader.Of(DataSetTests.Images(10, 10, 3, 500)));
        ChunkLoader loader = new(DataImport.Open(path), Loading);
        Assert.Equal((true, 3, 60), (loader.Needed, loader.Loaders, loader.PoolSize));
        loader.Load(1, 0, 0);
        Allocation.AssertNone(() =>
        {
            for (int pool = 0; pool < 100; pool++) // past the end of the data more than once
                for (int k = 0; k < 3; k++)
                    if (loader.Load(1, pool, k) != 20 * 304) Assert.Fail("a chunk is 20 examples of 300 bytes and a label");
        });
        Assert.Contains("it must be from 0 to 2", Assert.Throws<ArgumentOutOfRangeException>(() => loader.Load(1, 0, 3)).Message);
    }

    [Fact]
    public void Data_in_memory_need_no_loader()
    {
        ChunkLoader loader = new(DataSetTests.Images(3, 3, 1, 100), Loading);
        Assert.False(loader.Needed);
        Assert.Equal(0, loader.Load(1, 0, 0));
        Assert.Equal("sampling is Partition; chunks are loaded with loaders only", Assert.Throws<ArgumentException>(() => new ChunkLoader(DataSetTests.Images(3, 3, 1), new())).Message);
    }
}
