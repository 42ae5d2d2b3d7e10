#include "common/run/ledger_work.hpp"

#include <algorithm>
#include <optional>
#include <utility>

#include "common/run/damaged_file.hpp"
#include "common/run/older_folder.hpp"

namespace fedgram::run {

void LedgerWorkBuilder::add(const LedgerLine& line)
{
    if (line.wasted) {
        ++wasted_.wasted_lines;
        wasted_.wasted += line.joules;
        return;
    }
    builder_of(line.training).add(line, line.lost ? energy::Updates::lost : energy::Updates::used);
}

void LedgerWorkBuilder::add(const LedgerRound& round)
{
    builder_of(round.training).add(round.number, round.nodes, round.updates);
}

LedgerWork LedgerWorkBuilder::finish()
{
    auto work = std::exchange(wasted_, {});
    for (auto& [label, builder] : trainings_) work.trainings.push_back({std::move(label), builder.finish()});
    trainings_.clear();
    latest_ = 0;
    return work;
}

energy::TrainingWorkBuilder& LedgerWorkBuilder::builder_of(const std::string& label)
{
    if (latest_ < trainings_.size() && trainings_[latest_].label == label) return trainings_[latest_].work;
    const auto found = std::ranges::find(trainings_, label, &Training::label);
    latest_ = static_cast<std::size_t>(found - trainings_.begin());
    if (found == trainings_.end()) trainings_.push_back({label, {}});
    return trainings_[latest_].work;
}

WholeLedger read_ledger_work(const std::filesystem::path& folder, LastLine last)
{
    LedgerWorkBuilder builder;
    std::optional<UncountedKernels> uncounted;
    const auto take = [&](const LedgerLine& line) {
        if (line.has_kernels || line.wasted || line.phase == energy::Phase::idle) {
            builder.add(line);
            return;
        }
        if (!uncounted) of_file([&] { uncounted.emplace(folder); });
        auto counted = line;
        counted.work.kernels = uncounted->of(line);
        builder.add(counted);
    };
    read_ledger(folder / "ledger.jsonl", take, last);
    const auto kernels = !uncounted ? Kernels::counted : uncounted->known() ? Kernels::of_the_layers : Kernels::unknown;
    return {builder.finish(), kernels};
}

}  // namespace fedgram::run
