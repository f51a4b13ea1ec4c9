// A plain ping-pong: rank 0 sends BYTES and gets them back, ROUNDS times. Prints seconds a round trip, one a line.
// Build: mpicc -O2 pingpong.c -o pingpong
#include <mpi.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

int main(int argc, char **argv) {
    MPI_Init(&argc, &argv);
    int rank, bytes = atoi(argv[1]), rounds = atoi(argv[2]);
    MPI_Comm_rank(MPI_COMM_WORLD, &rank);
    char *buffer = aligned_alloc(4096, (bytes + 4095) / 4096 * 4096L);
    memset(buffer, 1, bytes);
    for (int k = -3; k < rounds; k++) {
        double start = MPI_Wtime();
        if (rank == 0) {
            MPI_Send(buffer, bytes, MPI_BYTE, 1, 0, MPI_COMM_WORLD);
            MPI_Recv(buffer, bytes, MPI_BYTE, 1, 0, MPI_COMM_WORLD, MPI_STATUS_IGNORE);
            if (k >= 0) printf("%.9f\n", MPI_Wtime() - start);
        } else {
            MPI_Recv(buffer, bytes, MPI_BYTE, 0, 0, MPI_COMM_WORLD, MPI_STATUS_IGNORE);
            MPI_Send(buffer, bytes, MPI_BYTE, 0, 0, MPI_COMM_WORLD);
        }
    }
    MPI_Finalize();
    return 0;
}
