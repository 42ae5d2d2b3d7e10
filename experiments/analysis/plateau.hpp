#pragma once

#include <cstddef>
#include <vector>

#include "experiments/analysis/goal.hpp"

namespace fedgram::experiments::analysis {

/// When a walk towards larger values gains nothing more, as NVIDIA's Model Analyzer has it: when of the last four the
/// best scores less than 5 % over the first of them. By the objectives, so that a curve goes on beyond the constraints;
/// and by what a constraint bounds as long as the last of them breaks it, since where the objectives only get worse,
/// as p99 does, a constraint may be kept further on.
class Plateau {
public:
    explicit Plateau(const Goal& goal) : goal_{goal} {}

    void add(const Measurement& measurement) { walked_.push_back(measurement); }
    [[nodiscard]] bool reached() const;

private:
    Goal goal_;
    std::vector<Measurement> walked_;
};

}  // namespace fedgram::experiments::analysis
