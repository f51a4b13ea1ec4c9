Console.WriteLine(System.Text.Json.JsonSerializer.Serialize(Hooke.App.Commands.BenchExchange.Run(10_000_000, 31)));
