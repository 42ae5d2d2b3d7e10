#pragma once

#include <string>
#include <string_view>

namespace fedgram::experiments::slurm {

/// A word as a shell takes it for itself, whatever is in it: 'it'\''s'.
[[nodiscard]] std::string shell_word(std::string_view word);

}  // namespace fedgram::experiments::slurm
