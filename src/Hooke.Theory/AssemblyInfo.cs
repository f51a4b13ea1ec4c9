using System.Runtime.CompilerServices;

[assembly: InternalsVisibleTo("Hooke.Tests")]
