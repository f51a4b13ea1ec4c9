using System.Runtime.CompilerServices;

[assembly: InternalsVisibleTo("Hooke.Engine")]
[assembly: InternalsVisibleTo("Hooke.Tests")]
