#pragma once

#include <filesystem>
#include <string>

namespace fedgram::test {

/// One of the models of experiments/models/next_word.py, as LibTorch writes it: "linear", "mlp", "embedding" or "gru".
void write_next_word_model(const std::string& name, const std::filesystem::path& path);

}  // namespace fedgram::test
