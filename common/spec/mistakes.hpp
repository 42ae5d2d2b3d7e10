#pragma once

#include <string>
#include <utility>
#include <vector>

#include "common/error/error.hpp"

namespace fedgram::spec {

/// The mistakes of one specification, kept until all are known, so that one answer tells them all.
class Mistakes {
public:
    /// Calls `f`, and keeps the SpecError that it throws.
    template <class F>
    void collect(F&& f)
    {
        try {
            std::forward<F>(f)();
        } catch (const SpecError& mistake) {
            add(mistake);
        }
    }

    /// A mistake that is there already counts once.
    void add(const SpecError& mistake);

    [[nodiscard]] bool none() const { return lines_.empty(); }

    /// Throws SpecError with a line for each, in the order in which they came; nothing where there are none.
    void finish() const;

private:
    std::vector<std::string> lines_;
};

}  // namespace fedgram::spec
