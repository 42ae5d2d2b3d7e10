#pragma once

#include <cstdint>
#include <span>
#include <vector>

#include "common/spec/experiment.hpp"

namespace fedgram::datasets {

/// Nodes that draw their own samples by their own streams when they are asked for. So a hundred thousand of them take
/// no more memory than one. Two nodes may hold the same sample; no node holds one twice.
class SampleDraws {
public:
    /// `samples` is what may be drawn, as indices into the training set with the classes `labels`, each below
    /// `classes`. Throws SpecError when a node would have to draw a sample twice.
    SampleDraws(std::span<const std::uint32_t> samples, std::span<const std::uint8_t> labels, std::uint32_t classes,
                const spec::Partition& rule, std::uint64_t seed);

    [[nodiscard]] std::uint32_t samples_per_node() const { return samples_per_node_; }

    /// What `node` holds, in ascending order. The time grows with the samples of one node alone. Without a mix
    /// every set of samples is equally likely. With one the node's mix of classes is a draw of Dirichlet(alpha, ...,
    /// alpha) over the classes that there are, and each sample's class a draw of that mix (Hsu, Qi and Brown 2019,
    /// arXiv:1909.06335); within a class, again every set is equally likely.
    [[nodiscard]] std::vector<std::uint32_t> of(std::uint32_t node) const;

private:
    std::vector<std::vector<std::uint32_t>> pools_;  // one for each class that there is; one of all without a mix
    std::uint32_t samples_per_node_;
    double alpha_;  // counts where there is more than one pool
    std::uint64_t seed_;
};

}  // namespace fedgram::datasets
