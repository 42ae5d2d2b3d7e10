#include "common/learning/factorization/decomposition.hpp"

#include <Eigen/SVD>

namespace fedgram::learning {

namespace {

using RowMajor = Eigen::Matrix<double, Eigen::Dynamic, Eigen::Dynamic, Eigen::RowMajor>;

// Eigen asks the CPU for its caches and cuts products into blocks that fit, which decides where sums are rounded. Here
// they are always cut for the same caches. Its vector instructions are those that this file is compiled for: any
// x86-64.
void fix_block_sizes()
{
    [[maybe_unused]] static const bool is_fixed = [] {
        Eigen::setCpuCacheSizes(32 << 10, 256 << 10, 2 << 20);
        return true;
    }();
}

Matrix matrix_of(const RowMajor& from)
{
    return {static_cast<std::size_t>(from.rows()),
            static_cast<std::size_t>(from.cols()),
            {from.data(), from.data() + from.size()}};
}

}  // namespace

Decomposition decompose(const Matrix& matrix)
{
    fix_block_sizes();
    const Eigen::Map<const RowMajor> values{matrix.values.data(), static_cast<Eigen::Index>(matrix.rows),
                                            static_cast<Eigen::Index>(matrix.columns)};
    const Eigen::BDCSVD<Eigen::MatrixXd> svd{values, Eigen::ComputeThinU | Eigen::ComputeThinV};
    const auto& found = svd.singularValues();
    return {
        matrix_of(svd.matrixU()), {found.data(), found.data() + found.size()}, matrix_of(svd.matrixV().transpose())};
}

std::size_t rank_of_energy(std::span<const double> values, double fraction)
{
    double all = 0;
    for (const double value : values) all += value * value;
    double kept = 0;
    std::size_t rank = 0;
    while (rank < values.size() && (rank == 0 || kept < fraction * all)) {
        kept += values[rank] * values[rank];
        ++rank;
    }
    return rank;
}

double kept_energy(std::span<const double> values, std::size_t rank)
{
    double all = 0;
    double kept = 0;
    for (std::size_t i = 0; i < values.size(); ++i) {
        all += values[i] * values[i];
        if (i < rank) kept = all;
    }
    return all > 0 ? kept / all : 1;
}

}  // namespace fedgram::learning
