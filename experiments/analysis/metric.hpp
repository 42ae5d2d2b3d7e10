#pragma once

#include <optional>
#include <string>

#include "experiments/analysis/measurement.hpp"

namespace fedgram::experiments::analysis {

/// What a constraint bounds and an objective looks for.
enum class Metric { throughput, p99, memory, accuracy, joules, grams, core_seconds, usd };

/// Throughput and accuracy are to be high, all else is to be low.
[[nodiscard]] bool more_is_better(Metric metric);

/// "throughput", "p99 latency", "joules per 1000 answers".
[[nodiscard]] std::string metric_name(Metric metric);
/// A value with its unit: "153 answers/s", "12.5 ms", "512 MB", "20 J".
[[nodiscard]] std::string metric_text(Metric metric, double value);

/// In answers a second, milliseconds, bytes, a share of 1, and joules, grams, core-seconds and US dollars for 1,000
/// answers; joules and grams with those of the network, where it is asked for, dollars the server's alone. Nothing
/// where it isn't known: a p99 isn't, where more than one request in a hundred has no answer at all.
[[nodiscard]] std::optional<double> value_of(const Measurement& measurement, Metric metric);

}  // namespace fedgram::experiments::analysis
