#include "tests/bench/process_memory.hpp"

#include <unistd.h>

#include <fstream>
#include <sstream>
#include <string>

#include "common/error/error.hpp"

namespace fedgram::bench {

namespace {

std::ifstream open(pid_t process, const std::string& name)
{
    std::ifstream file{"/proc/" + std::to_string(process) + "/" + name};
    if (!file) throw SystemError{"there is no process " + std::to_string(process)};
    return file;
}

}  // namespace

ProcessMemory memory_of(pid_t process)
{
    auto file = open(process, "smaps_rollup");
    ProcessMemory memory;
    for (std::string line; std::getline(file, line);) {
        std::istringstream words{line};
        std::string key;
        double kibibytes = 0;
        words >> key >> kibibytes;
        if (key == "Pss:") memory.proportional = kibibytes * 1024;
        if (key == "Private_Clean:" || key == "Private_Dirty:") memory.own += kibibytes * 1024;
    }
    return memory;
}

double cpu_seconds_of(pid_t process)
{
    auto file = open(process, "stat");
    std::string text;
    std::getline(file, text);
    std::istringstream words{text.substr(text.rfind(')') + 1)};  // the name before may hold anything
    std::string skipped;
    for (int field = 3; field < 14; ++field) words >> skipped;
    double user = 0;
    double system = 0;
    words >> user >> system;
    return (user + system) / static_cast<double>(::sysconf(_SC_CLK_TCK));
}

}  // namespace fedgram::bench
