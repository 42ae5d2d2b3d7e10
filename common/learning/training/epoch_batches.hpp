#pragma once

#include <cstddef>
#include <cstdint>

#include "common/spec/experiment.hpp"

namespace fedgram::learning {

/// How an epoch of `samples` samples, at least one, is cut into batches. What is left behind the last whole batch is a
/// smaller one, is left out, or joins the batch before it, by `last`. Fewer samples than a batch are one batch.
class EpochBatches {
public:
    EpochBatches(std::size_t samples, std::uint32_t batch_size, spec::LastBatch last);

    /// How many samples are in the batch that begins at sample `first`; 0 where none does.
    [[nodiscard]] std::size_t at(std::size_t first) const;
    [[nodiscard]] std::uint64_t steps() const;
    /// That are trained on.
    [[nodiscard]] std::uint64_t samples() const;
    /// That the first so many steps of one epoch after the other train on.
    [[nodiscard]] std::uint64_t samples_in(std::uint64_t steps) const;

private:
    std::size_t samples_;
    std::size_t batch_size_;
    spec::LastBatch last_;
};

}  // namespace fedgram::learning
