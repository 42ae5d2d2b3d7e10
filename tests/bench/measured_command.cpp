#include "tests/bench/measured_command.hpp"

#include <sched.h>
#include <sys/resource.h>
#include <sys/wait.h>
#include <unistd.h>

#include <algorithm>
#include <chrono>
#include <cstdio>
#include <filesystem>
#include <fstream>
#include <memory>
#include <set>
#include <thread>

#include "common/error/error.hpp"

namespace fedgram::bench {

namespace {

using namespace std::chrono_literals;

using File = std::unique_ptr<std::FILE, decltype(&std::fclose)>;

std::string contents(std::FILE* file)
{
    std::rewind(file);
    std::string text;
    for (int c = std::fgetc(file); c != EOF; c = std::fgetc(file)) text += static_cast<char>(c);
    return text;
}

pid_t parent_of(pid_t pid)
{
    std::ifstream status{"/proc/" + std::to_string(pid) + "/status"};
    for (std::string line; std::getline(status, line);)
        if (line.starts_with("PPid:")) return std::stoi(line.substr(5));
    return 0;
}

double proportional_bytes(pid_t pid)
{
    std::ifstream rollup{"/proc/" + std::to_string(pid) + "/smaps_rollup"};
    for (std::string line; std::getline(rollup, line);)
        if (line.starts_with("Pss:")) return 1024 * std::stod(line.substr(4));
    return 0;
}

double tree_bytes(pid_t root)
{
    std::set<pid_t> tree{root};
    std::vector<pid_t> others;
    for (const auto& entry : std::filesystem::directory_iterator{"/proc"}) {
        const auto name = entry.path().filename().string();
        if (std::ranges::all_of(name, [](char c) { return c >= '0' && c <= '9'; })) others.push_back(std::stoi(name));
    }
    for (bool grown = true; grown;) {
        grown = false;
        for (const auto pid : others)
            if (!tree.contains(pid) && tree.contains(parent_of(pid))) grown = tree.insert(pid).second;
    }
    double bytes = 0;
    for (const auto pid : tree) bytes += proportional_bytes(pid);
    return bytes;
}

[[noreturn]] void become(const std::vector<std::string>& arguments, const std::vector<int>& cores, int out, int err)
{
    cpu_set_t set;
    CPU_ZERO(&set);
    for (const int core : cores) CPU_SET(static_cast<std::size_t>(core), &set);
    std::vector<char*> words;
    for (const auto& argument : arguments) words.push_back(const_cast<char*>(argument.c_str()));
    words.push_back(nullptr);
    if (sched_setaffinity(0, sizeof set, &set) == 0 && dup2(out, STDOUT_FILENO) >= 0 && dup2(err, STDERR_FILENO) >= 0)
        execv(words.front(), words.data());
    _exit(127);
}

double seconds(const timeval& time)
{
    return static_cast<double>(time.tv_sec) + static_cast<double>(time.tv_usec) * 1e-6;
}

}  // namespace

Measured run_measured(const std::vector<std::string>& arguments, const std::vector<int>& cores, Memory memory)
{
    const File out{std::tmpfile(), &std::fclose};
    const File err{std::tmpfile(), &std::fclose};
    if (!out || !err) throw SystemError{"no temporary file can be made"};
    Measured measured;
    const auto start = std::chrono::steady_clock::now();
    const pid_t pid = fork();
    if (pid < 0) throw SystemError{arguments.front() + ": can't be started"};
    if (pid == 0) become(arguments, cores, fileno(out.get()), fileno(err.get()));
    int status = 0;
    rusage usage{};
    while (wait4(pid, &status, memory == Memory::watched ? WNOHANG : 0, &usage) == 0) {
        measured.peak_bytes = std::max(measured.peak_bytes, tree_bytes(pid));
        std::this_thread::sleep_for(100ms);
    }
    measured.wall_seconds = std::chrono::duration<double>(std::chrono::steady_clock::now() - start).count();
    measured.cpu_seconds = seconds(usage.ru_utime) + seconds(usage.ru_stime);
    measured.out = contents(out.get());
    if (!WIFEXITED(status) || WEXITSTATUS(status) != 0)
        throw SystemError{arguments.front() + " failed: " + contents(err.get())};
    return measured;
}

}  // namespace fedgram::bench
