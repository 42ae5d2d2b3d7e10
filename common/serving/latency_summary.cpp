#include "common/serving/latency_summary.hpp"

#include "common/serving/requests_needed.hpp"

namespace fedgram::serving {

LatencySummary latency_summary(const LatencyRecord& latencies, const BatchMeans& means)
{
    LatencySummary summary;
    summary.requests = latencies.count();
    if (summary.requests > 0) summary.mean = latencies.mean();
    summary.standard_error = means.standard_error();
    std::size_t next = 0;
    for (const unsigned percent : {50U, 90U, 95U, 99U}) {
        Percentile one{.percent = percent, .requests = summary.requests, .needed = requests_needed(percent, 1)};
        if (one.requests >= one.needed) one.value = seconds(latencies.percentile(percent));
        summary.percentiles[next++] = one;
    }
    return summary;
}

}  // namespace fedgram::serving
