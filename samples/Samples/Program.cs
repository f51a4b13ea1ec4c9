using Hooke.Samples;

ElasticQuadratic.Run(Console.Out);
OwnMethod.Run(Console.Out);
TreeQuadratic.Run(Console.Out);
TrainGlyphs.Run(Console.Out);
SimulatedCluster.Run(Console.Out);
MeasuredStability.Run(Console.Out);
StabilityOfAMethod.Run(Console.Out);
ModifiedEquations.Run(Console.Out);
LockFreeTexts.Run(Console.Out);
