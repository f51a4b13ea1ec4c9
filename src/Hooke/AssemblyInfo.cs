using System.Runtime.CompilerServices;

[assembly: InternalsVisibleTo("Hooke.Engine")]
[assembly: InternalsVisibleTo("Hooke.Theory")]
[assembly: InternalsVisibleTo("Hooke.Tests")]
