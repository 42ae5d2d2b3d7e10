#include "experiments/doctor.hpp"

#include <dlfcn.h>
#include <unistd.h>

#include <filesystem>
#include <fstream>
#include <iostream>
#include <string>
#include <vector>

#include <nlohmann/json.hpp>

#include "common/energy/host.hpp"
#include "common/error/error.hpp"
#include "common/learning/blas.hpp"
#include "common/learning/engine.hpp"
#include "common/spec/words.hpp"
#include "datasets/dataset.hpp"
#include "experiments/child_process.hpp"
#include "experiments/text_table.hpp"

namespace fedgram::experiments {

namespace {

namespace fs = std::filesystem;

struct Finding {
    std::string what;
    bool works;
    std::string detail;
};

Finding cores() { return {"cores", true, std::to_string(energy::usable_cores()) + " usable by this process"}; }

Finding program(const std::string& name)
{
    const auto path = sibling_program(name);
    const bool there = ::access(path.c_str(), X_OK) == 0;
    return {name, there,
            there ? path.string() : path.string() + " is not there; build it, and keep the three together"};
}

Finding dataset(const std::string& name)
{
    try {
        const auto data = datasets::load(name, std::nullopt);
        return {
            "data " + name, true,
            std::to_string(data.train.size()) + " training and " + std::to_string(data.test.size()) + " test samples"};
    } catch (const Error& error) {
        return {"data " + name, false, error.what()};
    }
}

std::vector<Finding> engine(const std::string& name)
{
    try {
        const auto info = learning::open_engine(name)->info();
        const bool slow = learning::is_reference_blas(info.blas);
        return {{"engine " + name, true, info.version + ", " + info.cpu},
                {"BLAS", !slow, info.blas + (slow ? " is the slow reference; install libopenblas0-pthread" : "")}};
    } catch (const Error& error) {
        return {{"engine " + name, false, error.what()}};
    }
}

/// The first entry of a sysfs folder that `wanted` takes.
template <class Wanted>
fs::path first_entry(const fs::path& folder, Wanted wanted)
{
    std::error_code ignored;
    for (const auto& entry : fs::directory_iterator{folder, ignored})
        if (wanted(entry.path())) return entry.path();
    return {};
}

Finding readable(const std::string& what, const fs::path& file)
{
    if (std::ifstream stream{file}; stream.peek() != std::ifstream::traits_type::eof())
        return {what, true, file.string()};
    return {what, false, file.string() + " can't be read by this user; ask for read access, or run as root"};
}

Finding rapl()
{
    const fs::path folder = "/sys/class/powercap";
    const auto zone = first_entry(folder, [](const fs::path& path) { return fs::exists(path / "energy_uj"); });
    if (zone.empty())
        return {"meter RAPL", false, "no energy counter in " + folder.string() + " (a virtual machine, or no driver)"};
    return readable("meter RAPL", zone / "energy_uj");
}

Finding nvml()
{
    void* const library = ::dlopen("libnvidia-ml.so.1", RTLD_LAZY | RTLD_LOCAL);
    if (library == nullptr) return {"meter NVML", false, "libnvidia-ml.so.1 can't be opened: no NVIDIA driver"};
    using Call = int (*)();
    const auto initialise = reinterpret_cast<Call>(::dlsym(library, "nvmlInit_v2"));
    const int error = initialise != nullptr ? initialise() : -1;
    if (error == 0)
        if (const auto shut_down = reinterpret_cast<Call>(::dlsym(library, "nvmlShutdown"))) shut_down();
    ::dlclose(library);
    if (error != 0)
        return {"meter NVML", false,
                "the driver's library is there, but nvmlInit gives error " + std::to_string(error)};
    return {"meter NVML", true, "libnvidia-ml.so.1"};
}

Finding battery()
{
    const fs::path folder = "/sys/class/power_supply";
    const auto is_battery = [](const fs::path& path) {
        std::string type;
        std::ifstream{path / "type"} >> type;
        return type == "Battery";
    };
    const auto found = first_entry(folder, is_battery);
    if (found.empty()) return {"meter battery", false, "no battery in " + folder.string()};
    return readable("meter battery", fs::exists(found / "power_now") ? found / "power_now" : found / "current_now");
}

Finding hwmon()
{
    const fs::path folder = "/sys/class/hwmon";
    for (const std::string name : {"energy1_input", "power1_input", "power1_average"}) {
        const auto found = first_entry(folder, [&](const fs::path& path) { return fs::exists(path / name); });
        if (!found.empty()) return readable("meter hwmon", found / name);
    }
    return {"meter hwmon", false, "no power or energy sensor in " + folder.string()};
}

}  // namespace

int doctor(const DoctorOptions& options)
{
    std::vector<Finding> findings{cores(), program("fedgram-coordinator"), program("fedgram-client"),
                                  dataset("fashion-mnist")};
    for (const auto name : spec::engine_words)
        for (auto& finding : engine(std::string{name})) findings.push_back(std::move(finding));
    for (auto& finding : {rapl(), nvml(), battery(), hwmon()}) findings.push_back(finding);

    auto json = nlohmann::ordered_json::array();
    TextTable table{{"what", "works", "detail"}};
    for (const auto& finding : findings) {
        json.push_back({{"what", finding.what}, {"works", finding.works}, {"detail", finding.detail}});
        table.add({finding.what, finding.works ? "yes" : "no", finding.detail});
    }
    std::cout << (options.json ? json.dump(2) + "\n" : table.text());
    return 0;
}

}  // namespace fedgram::experiments
