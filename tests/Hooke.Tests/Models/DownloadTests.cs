using System.Net;
using System.Net.Sockets;
using System.Text;
using Hooke.Models.Data;
using Xunit;

namespace Hooke.Tests.Models;

/// <summary>Tests that change what all others see: they run when no others do.</summary>
[CollectionDefinition(nameof(Alone), DisableParallelization = true)]
public sealed class Alone;

/// <summary>How data sets get into the cache, and what is asked of them there.</summary>
[Collection(nameof(Alone))]
public sealed class DownloadTests : IDisposable
{
    private const string Md5 = "5289df737df57326fcdd22597afb1fac", Sha256 = "039058c6f2c0cb492c533b0a4d14ef77cc0f78abccced5287d84a1a2011cfb81"; // of 1, 2, 3
    private readonly string folder = Directory.CreateTempSubdirectory("hooke-download-").FullName;

    public void Dispose() => Directory.Delete(folder, true);

    [Theory]
    [InlineData(Md5)]
    [InlineData(Sha256)]
    public void A_download_is_stored_if_its_checksum_is_right(string digest)
    {
        using Server server = new([1, 2, 3], length: 3);
        string? said = null;
        Download.Fetch(server.Address, new("x", digest, 3), folder, notice => said = notice);
        Assert.Equal([1, 2, 3], File.ReadAllBytes(Path.Combine(folder, "x")));
        Assert.Equal($"downloading {server.Address}x to {folder}", said);
        Assert.Equal([Path.Combine(folder, "x")], Directory.GetFiles(folder));
    }

    [Theory]
    [InlineData("5289df737df57326fcdd22597afb1fad", "MD5")]
    [InlineData("039058c6f2c0cb492c533b0a4d14ef77cc0f78abccced5287d84a1a2011cfb82", "SHA-256")]
    public void One_with_another_checksum_is_not_stored(string digest, string kind)
    {
        using Server server = new([1, 2, 3], length: 3);
        string message = Assert.Throws<InvalidDataSetException>(() => Download.Fetch(server.Address, new("x", digest, 100), folder, null)).Message;
        Assert.Equal($"x: the download has 3 bytes with {kind} {(kind == "MD5" ? Md5 : Sha256)}; expected {digest}", message);
        Assert.Empty(Directory.GetFiles(folder));
    }

    [Theory]
    [InlineData(2000, 2000L)]
    [InlineData(2000, null)]
    [InlineData(3, long.MaxValue)]
    public void More_than_a_file_may_have_is_not_fetched_whether_the_length_is_said_or_not(int bytes, long? length)
    {
        using Server server = new(new byte[bytes], length);
        string message = Assert.Throws<InvalidDataSetException>(() => Download.Fetch(server.Address, new("x", Sha256, 1000), folder, null)).Message;
        Assert.Equal($"x cannot be downloaded from {server.Address}x: it has more than 1000 bytes, the most that are fetched", message);
        Assert.Empty(Directory.GetFiles(folder));
    }

    [Fact]
    public void One_that_ends_early_or_that_nobody_serves_is_not_stored()
    {
        using (Server server = new([1, 2, 3], length: 100))
            Assert.StartsWith($"x cannot be downloaded from {server.Address}x: ", Assert.Throws<InvalidDataSetException>(() => Download.Fetch(server.Address, new("x", Sha256, 1000), folder, null)).Message);
        Assert.StartsWith("y cannot be downloaded from http://127.0.0.1:1/y: ", // nobody listens there
            Assert.Throws<InvalidDataSetException>(() => Download.Fetch("http://127.0.0.1:1/", new("y", Sha256, 1000), folder, null)).Message);
        Assert.Empty(Directory.GetFiles(folder));
    }

    [Fact]
    public void Other_machines_are_asked_by_https_only()
    {
        Assert.Contains("it must be one of https", Assert.Throws<ArgumentException>(() => Download.Fetch("http://example.org/", new("x", Sha256, 1000), folder, null)).Message);
        Assert.All((string[])[FashionMnist.Source, Mnist.Address, Cifar.Address], address => Assert.StartsWith("https://", address));
    }

    [Fact]
    public void What_lies_in_the_cache_is_checked_when_it_is_used()
    {
        string before = Environment.GetEnvironmentVariable("XDG_CACHE_HOME") ?? "";
        try
        {
            Environment.SetEnvironmentVariable("XDG_CACHE_HOME", folder);
            string cache = Directory.CreateDirectory(Download.CacheFolder("some")).FullName, path = Path.Combine(cache, "x");
            RemoteFile file = new("x", Sha256, 3);
            File.WriteAllBytes(path, [1, 2, 3]);
            Download.CheckCache(cache, "some", [file]);
            Download.NoteSums(cache, "x");
            Assert.Equal($"{Sha256}  x\n", File.ReadAllText(Path.Combine(cache, Download.Sums)));
            Download.CheckSums(cache, "some");

            File.WriteAllBytes(path, [1, 2, 4]);
            foreach (var check in (Action[])[() => Download.CheckCache(cache, "some", [file]), () => Download.CheckSums(cache, "some")])
            {
                string message = Assert.Throws<InvalidDataSetException>(check).Message;
                Assert.StartsWith($"{path}: its SHA-256 is ", message);
                Assert.EndsWith($"; it must be {Sha256}, as when it came there. Delete {path}, and it is made anew", message);
            }
            Download.CheckCache(cache, "other", [file]); // elsewhere it is the user's
        }
        finally
        {
            Environment.SetEnvironmentVariable("XDG_CACHE_HOME", before);
        }
    }

    [Fact]
    public void A_damaged_cache_of_a_named_set_is_an_error_and_not_replaced()
    {
        string before = Environment.GetEnvironmentVariable("XDG_CACHE_HOME") ?? "";
        try
        {
            Environment.SetEnvironmentVariable("XDG_CACHE_HOME", folder);
            foreach (string name in (string[])[DataCatalog.FashionMnistName, Mnist.Name])
            {
                string cache = Directory.CreateDirectory(Download.CacheFolder(name)).FullName;
                foreach (var file in FashionMnist.Files) File.WriteAllBytes(Path.Combine(cache, file.Name), [1, 2, 3]);
                Assert.StartsWith($"{cache}/train-labels-idx1-ubyte.gz: its ", Assert.Throws<InvalidDataSetException>(() => DataCatalog.LoadFound(name, null, _ => cache)).Message);
            }
        }
        finally
        {
            Environment.SetEnvironmentVariable("XDG_CACHE_HOME", before);
        }
    }

    /// <summary>Answers one request on this machine.</summary>
    private sealed class Server : IDisposable
    {
        private readonly TcpListener listener = new(IPAddress.Loopback, 0);

        public Server(byte[] content, long? length)
        {
            listener.Start();
            new Thread(() =>
            {
                try
                {
                    using var client = listener.AcceptTcpClient();
                    using var stream = client.GetStream();
                    byte[] request = new byte[4096];
                    _ = stream.Read(request); // a short request comes as one piece
                    stream.Write(Encoding.ASCII.GetBytes($"HTTP/1.1 200 OK\r\nConnection: close\r\n{(length is { } bytes ? $"Content-Length: {bytes}\r\n" : "")}\r\n"));
                    stream.Write(content);
                }
                catch (Exception gone) when (gone is SocketException or IOException)
                {
                    // The other side has heard enough.
                }
            }) { IsBackground = true }.Start();
        }

        public string Address => $"http://127.0.0.1:{((IPEndPoint)listener.LocalEndpoint).Port}/";

        public void Dispose() => listener.Dispose();
    }
}
