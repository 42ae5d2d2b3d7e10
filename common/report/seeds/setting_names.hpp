#pragma once

#include <span>
#include <string>
#include <vector>

namespace fedgram::report {

/// A setting, and what it is called where no short list of values tells it apart.
struct NamedSetting {
    std::string setting;  ///< a JSON object as text
    std::string fallback;
};

/// What tells each setting apart from the others: "local_epochs 5, alpha 0.1". The fallbacks, where settings differ in
/// more than three keys, or in a whole part of a specification, or not at all.
[[nodiscard]] std::vector<std::string> setting_names(std::span<const NamedSetting> settings);

}  // namespace fedgram::report
