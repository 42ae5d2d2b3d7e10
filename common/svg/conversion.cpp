#include "common/svg/conversion.hpp"

#include <dlfcn.h>

#include <filesystem>

#include "common/error/error.hpp"
#include "common/svg/converter.hpp"

namespace fedgram::svg {

namespace {

// Opened at its first use: its libraries would take a third of the time that a command needs to start.
const Converter& converter()
{
    static const auto* const opened = [] {
        const auto program = std::filesystem::read_symlink("/proc/self/exe");
        const auto path = program.parent_path().parent_path() / "lib" / "fedgram" / "libfedgram_svg_converter.so";
        void* const module = dlopen(path.c_str(), RTLD_NOW | RTLD_LOCAL);
        if (module == nullptr)
            throw SystemError{"the converter of figures can't be opened: " + std::string{dlerror()} +
                              "; keep lib/ beside bin/, install librsvg2-2, or write an .svg"};
        const auto* const found = static_cast<const Converter*>(dlsym(module, "fedgram_svg_converter"));
        if (found == nullptr) throw SystemError{path.string() + " is no converter of Fedgram's; build it anew"};
        return found;
    }();
    return *opened;
}

}  // namespace

std::string pdf(const std::string& document) { return converter().pdf(document); }

std::string png(const std::string& document) { return converter().png(document); }

}  // namespace fedgram::svg
