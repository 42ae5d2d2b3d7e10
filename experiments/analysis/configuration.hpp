#pragma once

#include <compare>
#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>

#include "common/units/quantity.hpp"

namespace fedgram::experiments::analysis {

/// One form of the model that is served: as it was trained, or reduced.
struct Variant {
    std::string name{};                ///< "float32", or the reduction's
    std::string number_type{};         ///< what it computes in: "float32", "int8"
    std::optional<double> accuracy{};  ///< on the test set; nothing of a model that wasn't trained
    Bytes memory{};                    ///< of its weights
};

/// How a model is served. Which numbers are possible is decided by the space that a search looks through.
struct Configuration {
    std::string device = "here";  ///< a profile's id, or this machine
    std::size_t variant = 0;      ///< place in the list of variants; 0 is the model as it was trained
    std::uint32_t max_batch = 1;
    std::uint32_t instances = 1;
    std::uint32_t queue_delay_us = 0;  ///< for which a batch that isn't full waits for more

    friend auto operator<=>(const Configuration&, const Configuration&) = default;
};

/// What is asked of it.
struct Load {
    enum class Kind {
        concurrency,  ///< closed loop: so many clients, each with one request at a time
        rate,         ///< open loop: so many requests a second
    };

    Kind kind = Kind::concurrency;
    double amount = 1;  ///< above 0; of a concurrency whole

    friend auto operator<=>(const Load&, const Load&) = default;
};

/// What is measured at once: a configuration under a load.
struct Probe {
    Configuration configuration{};
    Load load{};

    friend auto operator<=>(const Probe&, const Probe&) = default;
};

}  // namespace fedgram::experiments::analysis
