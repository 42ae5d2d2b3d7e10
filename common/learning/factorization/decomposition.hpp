#pragma once

#include <cstddef>
#include <span>
#include <vector>

namespace fedgram::learning {

/// A matrix, row by row, in double precision.
struct Matrix {
    std::size_t rows = 0;
    std::size_t columns = 0;
    std::vector<double> values;

    [[nodiscard]] double at(std::size_t row, std::size_t column) const { return values[row * columns + column]; }
    [[nodiscard]] double& at(std::size_t row, std::size_t column) { return values[row * columns + column]; }
};

/// matrix = left x diagonal(values) x right, with n = min(rows, columns) singular values that fall and aren't negative.
struct Decomposition {
    Matrix left;                 ///< rows x n, its columns orthonormal
    std::vector<double> values;  ///< n
    Matrix right;                ///< n x columns, its rows orthonormal
};

/// The thin singular value decomposition of a matrix whose values are finite. Its bits are the same on every x86-64 CPU
/// for one build of this program. Another compiler, another Eigen or another kind of CPU may round otherwise, and turn
/// the sign of a pair of vectors.
[[nodiscard]] Decomposition decompose(const Matrix& matrix);

/// How many singular values, the largest first, hold this fraction, above 0 and at most 1, of the sum of their squares:
/// at least 1. What vanishes in the rounding of that sum isn't kept.
[[nodiscard]] std::size_t rank_of_energy(std::span<const double> values, double fraction);

/// The fraction of the sum of their squares that the first `rank` of the singular values hold; 1 where all are 0.
[[nodiscard]] double kept_energy(std::span<const double> values, std::size_t rank);

}  // namespace fedgram::learning
