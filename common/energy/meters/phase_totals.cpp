#include "common/energy/meters/phase_totals.hpp"

#include <algorithm>
#include <utility>

#include "common/energy/meters/cuda_board.hpp"
#include "common/energy/meters/discover.hpp"
#include "common/energy/meters/elapsed.hpp"
#include "common/energy/meters/host_meters.hpp"
#include "common/energy/meters/nvml.hpp"

namespace fedgram::energy {

namespace {

// A meter that has read nothing yet has read nothing before the phase.
template <class Quantity>
std::optional<Quantity> difference(const std::optional<Quantity>& end, const std::optional<Quantity>& begin)
{
    if (!end) return std::nullopt;
    return *end - begin.value_or(Quantity{});
}

template <class Quantity>
void add(std::optional<Quantity>& sum, const std::optional<Quantity>& term)
{
    if (term) sum = sum.value_or(Quantity{}) + *term;
}

// A gap may have begun before the phase, and one that was there may have grown.
std::vector<Gap> gaps_since(const Reading& begin, const Reading& end)
{
    std::vector<Gap> gaps;
    for (std::size_t i = 0; i < end.gaps.size(); ++i)
        if (i >= begin.gaps.size() || end.gaps[i].until > begin.gaps[i].until) gaps.push_back(end.gaps[i]);
    return gaps;
}

}  // namespace

Attempt<std::vector<std::string>> meters_of(const std::string& device, const std::string& nvml_library,
                                            const std::string& cuda_library)
{
    using Names = Attempt<std::vector<std::string>>;
    if (device == "cpu") {
        std::vector<std::string> names;
        for (const auto& meter : discover_machine().meters) names.push_back(meter->name());
        return names;
    }
    const auto nvml = Nvml::open(nvml_library);
    if (!nvml) return Names::missing(nvml.reason());
    const auto board = first_cuda_board(cuda_library);
    if (!board) return Names::missing(board.reason());
    for (unsigned gpu = 0; gpu < (*nvml)->gpus(); ++gpu)
        if (const auto uuid = (*nvml)->uuid(gpu); uuid && *uuid == *board)
            return std::vector<std::string>{(*nvml)->name(gpu)};
    return Names::missing("the driver lists no GPU " + *board + ", which CUDA trains on");
}

PhaseTotals::PhaseTotals(std::vector<std::string> meters, std::vector<MeasuredTraining> so_far)
    : meters_{std::move(meters)}, totals_{std::move(so_far)}
{
}

void PhaseTotals::begin(std::vector<MeterReading> readings, Instant now)
{
    at_begin_ = std::move(readings);
    begun_ = now;
}

void PhaseTotals::end(std::span<const MeterReading> readings, Instant now)
{
    const auto seconds = elapsed(begun_, now);
    for (std::size_t i = 0; i < readings.size(); ++i) {
        if (std::ranges::find(meters_, readings[i].name) == meters_.end()) continue;
        const auto& begin = at_begin_.at(i).reading;
        auto phase = readings[i];
        phase.reading.joules = difference(phase.reading.joules, begin.joules);
        phase.reading.busy = difference(phase.reading.busy, begin.busy);
        phase.reading.gaps = gaps_since(begin, phase.reading);
        const auto measured = record(phase, "coordinator");
        auto& total = total_of(phase);
        total.reading.gaps.insert(total.reading.gaps.end(), measured.gaps.begin(), measured.gaps.end());
        total.reading.warnings = measured.warnings;
        add(total.reading.joules, measured.joules);
        add(total.reading.busy, measured.busy);
        total.seconds += seconds;
        ++total.phases;
    }
}

MeasuredTraining& PhaseTotals::total_of(const MeterReading& reading)
{
    const auto is_it = [&](const auto& total) { return total.reading.meter == reading.name; };
    if (const auto found = std::ranges::find_if(totals_, is_it); found != totals_.end()) return *found;
    MeterReading none = reading;
    none.reading = {};
    return totals_.emplace_back(MeasuredTraining{record(none, "coordinator"), 0, {}, reading.resolution});
}

}  // namespace fedgram::energy
