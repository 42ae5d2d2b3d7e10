#pragma once

#include "common/learning/model/model.hpp"

namespace fedgram::bench {

/// What single-precision matrix products take by the system's BLAS (libblas.so.3, opened at run time) on this thread.
class BlasYardstick {
public:
    /// Throws SystemError when there is no BLAS.
    BlasYardstick();

    /// FLOP a CPU second on 1024 x 1024 x 1024.
    [[nodiscard]] double flops_per_second() const;
    /// CPU seconds a sample of the products of a model's forward pass alone, in batches: for a convolution one for each
    /// sample, over a matrix of its windows that is taken to be there; for a linear layer one for each batch.
    [[nodiscard]] double forward_seconds(const learning::Model& model, int batch) const;

private:
    using Product = void (*)(const char* transpose_a, const char* transpose_b, const int* m, const int* n, const int* k,
                             const float* alpha, const float* a, const int* lda, const float* b, const int* ldb,
                             const float* beta, float* c, const int* ldc);

    [[nodiscard]] double product_seconds(int m, int n, int k) const;

    Product product_;
};

}  // namespace fedgram::bench
