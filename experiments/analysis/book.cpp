#include "experiments/analysis/book.hpp"

namespace fedgram::experiments::analysis {

Book::Book(std::span<const JournalEntry> entries)
{
    for (const auto& entry : entries) add(entry.probe, entry.measurement);
}

void Book::add(const Probe& probe, const Measurement& measurement)
{
    if (places_.try_emplace(probe, entries_.size()).second) entries_.push_back({probe, measurement});
}

const Measurement* Book::find(const Probe& probe) const
{
    const auto place = places_.find(probe);
    return place == places_.end() ? nullptr : &entries_[place->second].measurement;
}

std::vector<JournalEntry> Book::of(const Configuration& configuration) const
{
    std::vector<JournalEntry> found;
    // Probes are ordered by configuration first, and then by load.
    for (auto place = places_.lower_bound({configuration, {Load::Kind::concurrency, 0}});
         place != places_.end() && place->first.configuration == configuration; ++place)
        found.push_back(entries_[place->second]);
    return found;
}

}  // namespace fedgram::experiments::analysis
