#pragma once

#include <cstdint>
#include <functional>
#include <string>
#include <vector>

#include "common/energy/meters/attempt.hpp"
#include "common/energy/meters/counter_total.hpp"
#include "common/energy/meters/meter.hpp"
#include "common/energy/meters/mirror_watch.hpp"

namespace fedgram::energy {

/// An energy counter of the host.
struct Counter {
    std::string name;
    CounterRules rules;
    std::function<Attempt<std::uint64_t>()> read;
};

/// The sum of counters; none of them holds another. A counter that gave nothing isn't in the joules, and a gap says so.
class CounterMeter final : public Meter {
public:
    CounterMeter(std::string name, Boundary boundary, std::vector<Counter> counters);

private:
    void reset() override;
    void sample(Instant now) override;
    [[nodiscard]] Reading reading() const override;

    std::vector<Counter> counters_;
    std::vector<CounterTotal> totals_;
    MirrorWatch mirrors_;
};

}  // namespace fedgram::energy
