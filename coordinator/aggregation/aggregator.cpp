#include "coordinator/aggregation/aggregator.hpp"

#include <stdexcept>

#include "coordinator/aggregation/clipped_mean.hpp"
#include "coordinator/aggregation/fedavg.hpp"
#include "coordinator/aggregation/median.hpp"
#include "coordinator/aggregation/trimmed_mean.hpp"

namespace fedgram::coordinator {

void Aggregator::add(const learning::PartialSum&, std::uint64_t, std::uint64_t)
{
    throw std::logic_error{"this aggregation needs each update"};
}

std::unique_ptr<Aggregator> make_aggregator(const spec::Aggregation& aggregation, std::span<const float> global)
{
    switch (aggregation.kind) {
        case spec::AggregationKind::mean:
            break;
        case spec::AggregationKind::clipped_mean:
            return std::make_unique<ClippedMean>(global, aggregation.max_norm);
        case spec::AggregationKind::median:
            return std::make_unique<Median>(global.size());
        case spec::AggregationKind::trimmed_mean:
            return std::make_unique<TrimmedMean>(global.size(), aggregation.trim);
    }
    return std::make_unique<FedAvg>(global.size());
}

}  // namespace fedgram::coordinator
