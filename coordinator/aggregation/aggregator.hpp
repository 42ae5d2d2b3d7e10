#pragma once

#include <cstdint>
#include <memory>
#include <span>
#include <vector>

#include "common/energy/work/work.hpp"
#include "common/learning/updates/partial_sum.hpp"
#include "common/spec/aggregation.hpp"

namespace fedgram::coordinator {

/// One model of a round's updates. Its bytes don't depend on the order in which they came.
class Aggregate {
public:
    virtual ~Aggregate() = default;

    /// Of updates, one at least unless the kind has a result without.
    [[nodiscard]] virtual std::vector<float> result() const = 0;

    /// The same before it is rounded to float32, for those who take differences to it.
    [[nodiscard]] virtual std::vector<double> precise_result() const = 0;

    /// What the additions so far and one result compute. A step for each update.
    [[nodiscard]] virtual energy::Work work() const = 0;
};

/// Makes an aggregate of updates in the clear.
class Aggregator : public Aggregate {
public:
    /// `update` has passed `learning::refusal`; `samples` > 0 is what the node holds.
    virtual void add(std::span<const float> update, std::uint64_t samples) = 0;

    /// The sum of so many such updates, each times its samples, which are `samples` in all. Only where
    /// spec::may_presum says that their sum is enough.
    virtual void add(const learning::PartialSum& sum, std::uint64_t samples, std::uint64_t updates);
};

/// `global` is what the round's nodes started from; it must outlive the aggregator.
[[nodiscard]] std::unique_ptr<Aggregator> make_aggregator(const spec::Aggregation& aggregation,
                                                          std::span<const float> global);

}  // namespace fedgram::coordinator
