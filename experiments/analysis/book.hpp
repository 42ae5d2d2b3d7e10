#pragma once

#include <cstddef>
#include <map>
#include <span>
#include <vector>

#include "experiments/analysis/journal_entry.hpp"

namespace fedgram::experiments::analysis {

/// What was measured so far, each probe once, in the order in which it was.
class Book {
public:
    Book() = default;
    /// Of a probe that is there twice the first one counts.
    explicit Book(std::span<const JournalEntry> entries);

    void add(const Probe& probe, const Measurement& measurement);

    /// Nothing: it isn't measured yet. Holds until the next `add`.
    [[nodiscard]] const Measurement* find(const Probe& probe) const;
    [[nodiscard]] std::span<const JournalEntry> entries() const { return entries_; }
    /// By rising load.
    [[nodiscard]] std::vector<JournalEntry> of(const Configuration& configuration) const;

private:
    std::vector<JournalEntry> entries_;
    std::map<Probe, std::size_t> places_;
};

}  // namespace fedgram::experiments::analysis
