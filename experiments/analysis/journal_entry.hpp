#pragma once

#include "experiments/analysis/configuration.hpp"
#include "experiments/analysis/measurement.hpp"

namespace fedgram::experiments::analysis {

/// A probe, and what came of it.
struct JournalEntry {
    Probe probe;
    Measurement measurement;

    friend bool operator==(const JournalEntry&, const JournalEntry&) = default;
};

}  // namespace fedgram::experiments::analysis
