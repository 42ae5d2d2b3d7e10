// What stands in for libFuzzer in builds without it: tries each kept input, and a fixed number of mutations of them,
// the same ones each time. Ends with 1 at the first finding, and prints the input.
//
//   fedgram_fuzz_NAME CORPUS_FOLDER_OR_FILE...

#include <algorithm>
#include <cstdio>
#include <exception>
#include <filesystem>
#include <fstream>
#include <iterator>
#include <string>
#include <vector>

#include "tests/fuzz/mutator.hpp"
#include "tests/fuzz/target.hpp"

using namespace fedgram::fuzz;

namespace {

constexpr int mutations = 20000;

std::vector<std::filesystem::path> files_of(const std::filesystem::path& path)
{
    if (!std::filesystem::is_directory(path)) return {path};
    std::vector<std::filesystem::path> files;
    for (const auto& entry : std::filesystem::directory_iterator{path}) files.push_back(entry.path());
    std::sort(files.begin(), files.end());
    return files;
}

Input read(const std::filesystem::path& path)
{
    std::ifstream file{path, std::ios::binary};
    return {std::istreambuf_iterator<char>{file}, {}};
}

/// The input as the argument of `printf %b`, with which it can be written to a file.
std::string escaped(const Input& input)
{
    std::string text;
    for (const auto byte : input) {
        if (byte >= 0x20 && byte < 0x7f && byte != '\\' && byte != '\'') {
            text += static_cast<char>(byte);
        } else {
            char code[8];
            std::snprintf(code, sizeof code, "\\0%03o", byte);
            text += code;
        }
    }
    return text;
}

bool passes(const std::string& name, const Input& input)
{
    try {
        LLVMFuzzerTestOneInput(input.data(), input.size());
        return true;
    } catch (const std::exception& error) {
        std::fprintf(stderr, "%s: %s\nprintf %%b '%s'\n", name.c_str(), error.what(), escaped(input).c_str());
        return false;
    }
}

}  // namespace

int main(int argc, char** argv)
{
    std::vector<Input> kept;
    for (int i = 1; i < argc; ++i)
        for (const auto& file : files_of(argv[i])) {
            kept.push_back(read(file));
            if (!passes(file.string(), kept.back())) return 1;
        }
    if (kept.empty()) {
        std::fprintf(stderr, "no input; name a folder of tests/fuzz/corpus\n");
        return 2;
    }
    constexpr std::uint64_t seed = 1;
    Mutator mutator{kept, seed};
    for (int i = 0; i < mutations; ++i)
        if (!passes("mutation " + std::to_string(i), mutator.next())) return 1;
    std::printf("%zu kept inputs and %d mutations\n", kept.size(), mutations);
    return 0;
}
