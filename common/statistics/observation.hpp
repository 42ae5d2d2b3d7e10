#pragma once

namespace fedgram::statistics {

/// What one run has shown of a quantity: the value, or that it lies above.
struct Observation {
    double value = 0;
    bool reached = true;  ///< false: the run ended at `value` without getting there

    friend bool operator==(const Observation&, const Observation&) = default;
};

}  // namespace fedgram::statistics
