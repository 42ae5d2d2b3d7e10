#include "common/learning/factorization/decomposition.hpp"

#include <cmath>

#include <catch2/catch.hpp>

#include "tests/unit/learning/factorization/random_weights.hpp"

using namespace fedgram::learning;

namespace {

Matrix random_matrix(std::size_t rows, std::size_t columns, std::uint64_t seed)
{
    const auto values = random_weights(rows * columns, seed);
    return {rows, columns, {values.begin(), values.end()}};
}

double largest_deviation_from_identity(const Matrix& vectors, bool by_rows)
{
    const std::size_t count = by_rows ? vectors.rows : vectors.columns;
    const std::size_t length = by_rows ? vectors.columns : vectors.rows;
    double largest = 0;
    for (std::size_t a = 0; a < count; ++a)
        for (std::size_t b = 0; b < count; ++b) {
            double product = 0;
            for (std::size_t i = 0; i < length; ++i)
                product += by_rows ? vectors.at(a, i) * vectors.at(b, i) : vectors.at(i, a) * vectors.at(i, b);
            largest = std::max(largest, std::abs(product - (a == b ? 1 : 0)));
        }
    return largest;
}

}  // namespace

TEST_CASE("A matrix that is worked out by hand has its singular values")
{
    // [[3, 0], [4, 5]]: its transposed times itself is [[25, 20], [20, 25]], whose eigenvalues are 45 and 5.
    const auto found = decompose({2, 2, {3, 0, 4, 5}});
    REQUIRE(found.values.size() == 2);
    CHECK(found.values[0] == Approx(std::sqrt(45)).epsilon(1e-14));
    CHECK(found.values[1] == Approx(std::sqrt(5)).epsilon(1e-14));
}

TEST_CASE("The parts are orthonormal, fall, and give the matrix back, whichever side is longer")
{
    for (const auto& [rows, columns] : std::vector<std::pair<std::size_t, std::size_t>>{{5, 3}, {40, 90}, {90, 40}}) {
        INFO(rows << " x " << columns);
        const auto matrix = random_matrix(rows, columns, 1);
        const auto found = decompose(matrix);
        REQUIRE(found.values.size() == std::min(rows, columns));
        CHECK(std::is_sorted(found.values.rbegin(), found.values.rend()));
        CHECK(found.values.back() > 0);
        CHECK(largest_deviation_from_identity(found.left, false) < 1e-13);
        CHECK(largest_deviation_from_identity(found.right, true) < 1e-13);
        double largest = 0;
        for (std::size_t row = 0; row < rows; ++row)
            for (std::size_t column = 0; column < columns; ++column) {
                double value = 0;
                for (std::size_t i = 0; i < found.values.size(); ++i)
                    value += found.left.at(row, i) * found.values[i] * found.right.at(i, column);
                largest = std::max(largest, std::abs(value - matrix.at(row, column)));
            }
        CHECK(largest < 1e-13);
    }
}

TEST_CASE("The same matrix has the same bits, and one of zeros none that aren't numbers")
{
    const auto matrix = random_matrix(70, 200, 2);
    const auto first = decompose(matrix);
    const auto second = decompose(matrix);
    CHECK(first.values == second.values);
    CHECK(first.left.values == second.left.values);
    CHECK(first.right.values == second.right.values);

    const auto nothing = decompose({3, 20, std::vector<double>(60)});
    CHECK(nothing.values == std::vector<double>(3));
    for (const double value : nothing.left.values) CHECK(std::isfinite(value));
}

TEST_CASE("A fraction of the energy takes the fewest singular values that hold it")
{
    // Squares 16, 9, 4, 1: 16/30, 25/30, 29/30, 1 of the energy.
    const std::vector<double> values{4, 3, 2, 1};
    CHECK(rank_of_energy(values, 0.01) == 1);
    CHECK(rank_of_energy(values, 16.0 / 30) == 1);
    CHECK(rank_of_energy(values, 0.54) == 2);
    CHECK(rank_of_energy(values, 0.9) == 3);
    CHECK(rank_of_energy(values, 0.97) == 4);
    CHECK(rank_of_energy(values, 1) == 4);
    CHECK(rank_of_energy(std::vector<double>{2, 1, 0, 0}, 1) == 2);
    CHECK(rank_of_energy(std::vector<double>{0, 0}, 0.5) == 1);

    CHECK(kept_energy(values, 2) == Approx(25.0 / 30));
    CHECK(kept_energy(values, 4) == 1);
    CHECK(kept_energy(std::vector<double>{0, 0}, 1) == 1);
}
