#pragma once

#include <stdexcept>
#include <string>

namespace fedgram::fuzz {

/// A property that doesn't hold. No fedgram::Error, so that no target takes it for a refusal.
struct BrokenProperty : std::logic_error {
    using std::logic_error::logic_error;
};

inline void require(bool holds, const std::string& property)
{
    if (!holds) throw BrokenProperty{property};
}

/// Runs `read`. That it throws `Refusal`, the one type that its header promises, is fine; anything else that leaves
/// it is a finding.
template <class Refusal, class Read>
void allow_refusal(Read read)
{
    try {
        read();
    } catch (const Refusal&) {
    }
}

}  // namespace fedgram::fuzz
