/* Logistic regression by SGD on dense rows of floats, in order, with AVX2 intrinsics: the update by a row and the score of the next in one pass.
 *
 *     gcc -O3 -mavx2 -mfma dense_sgd.c -o dense_sgd -lm
 *     taskset -c 1 ./dense_sgd FEATURES MEGABYTES
 *
 * FEATURES is a multiple of 64. Prints billions of numbers per second of CPU time: of a plain sum of the rows, and of an epoch.
 */
#include <immintrin.h>
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <time.h>

static double seconds(void)
{
    struct timespec t;
    clock_gettime(CLOCK_THREAD_CPUTIME_ID, &t);
    return t.tv_sec + 1e-9 * t.tv_nsec;
}

static float sum8(const __m256 *s)
{
    __m256 all = ((s[0] + s[1]) + (s[2] + s[3])) + ((s[4] + s[5]) + (s[6] + s[7]));
    float t[8];
    _mm256_storeu_ps(t, all);
    return ((t[0] + t[1]) + (t[2] + t[3])) + ((t[4] + t[5]) + (t[6] + t[7]));
}

static float step(const float *row, const float *next, float *w, int n, float factor)
{
    __m256 a = _mm256_set1_ps(factor), s[8];
    for (int i = 0; i < 8; i++) s[i] = _mm256_setzero_ps();
    for (int k = 0; k < n; k += 64)
        for (int i = 0; i < 8; i++)
        {
            __m256 moved = _mm256_fmadd_ps(a, _mm256_load_ps(row + k + 8 * i), _mm256_load_ps(w + k + 8 * i));
            _mm256_store_ps(w + k + 8 * i, moved);
            s[i] = _mm256_fmadd_ps(_mm256_load_ps(next + k + 8 * i), moved, s[i]);
        }
    return sum8(s);
}

int main(int count, char **words)
{
    if (count != 3 || atoi(words[1]) < 64 || atoi(words[1]) % 64 || atoi(words[2]) < 1) return fprintf(stderr, "usage: dense_sgd FEATURES MEGABYTES\n"), 2;
    int n = atoi(words[1]);
    long rows = atol(words[2]) * 250000 / n;
    float *data = aligned_alloc(4096, (rows * n * 4 + 4095) / 4096 * 4096), *w = aligned_alloc(4096, (n * 4 + 4095) / 4096 * 4096);
    for (long k = 0; k < rows * n; k++) data[k] = (((unsigned)k * 2654435761u >> 8) & 1023) / 1024.0f - 0.5f;
    for (int k = 0; k < n; k++) w[k] = 0;

    double began = seconds();
    __m256 s[8];
    for (int i = 0; i < 8; i++) s[i] = _mm256_setzero_ps();
    for (long k = 0; k < rows * n; k += 64)
        for (int i = 0; i < 8; i++) s[i] += _mm256_load_ps(data + k + 8 * i);
    volatile float keep = sum8(s);
    double read = rows * n / (seconds() - began) / 1e9;

    began = seconds();
    float score = 0;
    for (long row = 0; row + 1 < rows; row++)
    {
        float target = row & 1 ? 1 : -1;
        score = step(data + row * n, data + (row + 1) * n, w, n, 1e-4f * target / (1 + expf(target * score)));
    }
    keep = score;
    printf("%.3f %.3f\n", read, rows * n / (seconds() - began) / 1e9);
    return 0;
}
