#pragma once

#include <memory>
#include <string>
#include <vector>

#include "common/energy/meters/meter.hpp"

namespace fedgram::energy {

/// A kind of meter that doesn't work here.
struct Unavailable {
    std::string name;
    std::string reason;  ///< names the path or the call
    std::string remedy;  ///< what would make it work
};

struct Found {
    std::vector<std::unique_ptr<Meter>> meters;
    std::vector<Unavailable> unavailable;
};

}  // namespace fedgram::energy
