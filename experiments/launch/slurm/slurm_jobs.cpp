#include "experiments/launch/slurm/slurm_jobs.hpp"

#include <signal.h>

#include <algorithm>
#include <charconv>
#include <iostream>
#include <span>
#include <sstream>
#include <utility>

#include "common/error/error.hpp"
#include "common/files/files.hpp"
#include "common/files/sha256.hpp"
#include "experiments/launch/child_process.hpp"
#include "experiments/launch/slurm/task_fate.hpp"

namespace fedgram::experiments::slurm {

namespace {

namespace fs = std::filesystem;
using namespace std::chrono_literals;

constexpr const char* book_file = "arrays.json";

// Files of a folder cost no controller anything; the queue is asked as seldom as Slurm's own manual asks for.
constexpr auto end_interval = 500ms;
constexpr auto queue_interval = 5s;

void make_folder(const fs::path& folder)
{
    std::error_code error;
    fs::create_directories(folder, error);
    if (error) throw SystemError{folder.string() + " can't be made: " + error.message() + "; choose another --out"};
}

/// Jobs of another sweep of this user have other names.
std::string name_of(const fs::path& folder, std::uint32_t number)
{
    const auto text = fs::weakly_canonical(folder).string();
    return "fedgram-" + files::sha256(std::as_bytes(std::span{text})).substr(0, 10) + "-" + std::to_string(number);
}

std::vector<std::string> lines_of(const std::string& text)
{
    std::vector<std::string> lines;
    std::istringstream stream{text};
    for (std::string line; std::getline(stream, line);) lines.push_back(line);
    return lines;
}

/// A name without anything else around the number.
std::optional<std::uint32_t> task_number(const std::string& name)
{
    std::uint32_t number = 0;
    const auto [end, error] = std::from_chars(name.data(), name.data() + name.size(), number);
    if (error != std::errc{} || end != name.data() + name.size()) return std::nullopt;
    return number;
}

}  // namespace

SlurmJobs::SlurmJobs(fs::path folder, SlurmOptions options)
    : folder_{std::move(folder)}, options_{std::move(options)}, config_{client_.config()}
{
    if (config_.tasks_of_an_array == 0)
        throw SystemError{"--on slurm: this cluster takes no job arrays (its MaxArraySize is 0)"};
    auto arguments = sbatch_arguments(
        {.name = "fedgram", .tasks = 1, .cpus = options_.cpus, .time = options_.time, .more = options_.more}, folder_);
    arguments.emplace_back("--wrap=true");
    client_.check(arguments);
}

void SlurmJobs::submit(const std::vector<Job>& jobs)
{
    if (stopped_by_) return;
    if (!lock_) open_folder();
    std::size_t found = 0;
    for (const auto& job : jobs) {
        auto& watched = watched_[job.name] = {job};
        if (const auto left = left_.find(call_of(job)); left != left_.end()) {
            watched.place = left->second;
            job_of_[left->second] = job.name;
            left_.erase(left);
            ++found;
        } else {
            unplaced_.push_back(job.name);
        }
    }
    if (found > 0)
        std::cerr << "fedgram: " << found << (found == 1 ? " run is" : " runs are")
                  << " queued or at work on Slurm from an earlier call" << std::endl;
    has_placed_ = has_placed_ || found > 0;
    place();
}

std::vector<JobEnd> SlurmJobs::wait(std::chrono::milliseconds at_most)
{
    const auto deadline = Clock::now() + at_most;
    while (!stopped_by_ && !watched_.empty()) {
        read_ends();
        if (Clock::now() >= look_at_) look_at_queue();
        if (auto ends = settled(); !ends.empty()) return ends;
        if (Clock::now() >= deadline) break;
        const auto signal = signals_.wait(-1, std::min(deadline, Clock::now() + end_interval)).signal;
        if (signal == SIGINT || signal == SIGTERM) stop(signal);
    }
    return {};
}

void SlurmJobs::open_folder()
{
    make_folder(folder_);
    lock_.emplace(folder_, 0ms, "another call of `fedgram sweep` follows its jobs", run::FolderKeeper::launcher);
    const auto path = folder_ / book_file;
    const auto text = files::try_read_file(path);
    if (!text) return;
    book_ = parse_array_book(*text, path.string());
    std::vector<std::string> names;
    for (auto& array : book_.arrays) {
        array.calls = lines_of(files::try_read_file(folder_ / array.folder() / calls_file).value_or(""));
        names.push_back(array.name);
    }
    if (names.empty()) return;
    const auto queue = client_.queue(names);
    if (!queue) throw SystemError{"--on slurm: Slurm doesn't say what is left of an earlier call; try again"};
    // A later array of the same call is the one that counts.
    for (auto& array : book_.arrays)
        for (const auto& task : *queue)
            if (task.name == array.name && task.index < array.calls.size()) {
                array.id = task.array;
                left_[array.calls[task.index]] = {array.number, task.index};
            }
}

std::string SlurmJobs::call_of(const Job& job) const { return slurm::call_of(job, sibling_program("fedgram")); }

void SlurmJobs::place()
{
    while (!unplaced_.empty()) {
        const auto size = std::min<std::size_t>(unplaced_.size(), config_.tasks_of_an_array);
        const std::vector<std::string> names(unplaced_.begin(), unplaced_.begin() + static_cast<std::ptrdiff_t>(size));
        const auto before = unplaced_.size();
        place_array(names);
        if (unplaced_.size() == before) return;  // refused
    }
}

void SlurmJobs::place_array(const std::vector<std::string>& names)
{
    const auto number = book_.next_number();
    TaskArray array{number, name_of(folder_, number), {}, {}};
    std::string calls;
    for (const auto& name : names) {
        array.calls.push_back(call_of(watched_.at(name).job));
        calls += array.calls.back() + "\n";
    }
    const auto folder = folder_ / array.folder();
    std::error_code none;
    fs::remove_all(folder, none);  // of a submission that was refused
    make_folder(folder / ends_folder);
    files::write_file(folder / calls_file, calls);
    files::write_file(folder / script_file, batch_script(folder));
    book_.arrays.push_back(array);
    write_book();

    auto arguments = sbatch_arguments({.name = array.name,
                                       .tasks = static_cast<std::uint32_t>(names.size()),
                                       .at_once = options_.at_once,
                                       .cpus = options_.cpus,
                                       .time = options_.time,
                                       .more = options_.more},
                                      folder);
    arguments.push_back((folder / script_file).string());
    const auto submission = client_.submit(arguments);
    if (!submission.refusal.empty()) {
        book_.arrays.pop_back();
        write_book();
        fs::remove_all(folder, none);
        if (!has_placed_) throw SystemError{"--on slurm: Slurm doesn't take the jobs: " + submission.refusal};
        say_once("Slurm doesn't take more jobs now (" + submission.refusal + "); they are tried again");
        return;
    }
    has_placed_ = true;
    if (!submission.id.empty()) {
        book_.arrays.back().id = submission.id;
        write_book();
        std::cerr << "fedgram: " << names.size() << (names.size() == 1 ? " run is" : " runs are") << " Slurm's job "
                  << submission.id << std::endl;
    }
    for (std::uint32_t index = 0; index < names.size(); ++index) {
        auto& watched = watched_.at(names[index]);
        watched.place = TaskPlace{number, index};
        watched.missing = 0;
        watched.end.reset();
        job_of_[*watched.place] = names[index];
    }
    unplaced_.erase(unplaced_.begin(), unplaced_.begin() + static_cast<std::ptrdiff_t>(names.size()));
}

void SlurmJobs::read_ends()
{
    std::set<std::uint32_t> numbers;
    for (const auto& [place, job] : job_of_) numbers.insert(place.array);
    for (const auto number : numbers) {
        std::error_code error;
        fs::directory_iterator entry{folder_ / array_of(number).folder() / ends_folder, error};
        for (const fs::directory_iterator end; !error && entry != end; entry.increment(error)) {
            const auto index = task_number(entry->path().filename().string());
            if (!index) continue;
            const auto job = job_of_.find({number, *index});
            if (job == job_of_.end()) continue;
            if (const auto text = files::try_read_file(entry->path()))
                if (auto read = parse_task_end(*text)) watched_.at(job->second).end = std::move(read);
        }
    }
}

void SlurmJobs::look_at_queue()
{
    look_at_ = Clock::now() + queue_interval;
    place();
    std::set<std::uint32_t> numbers;
    for (const auto& [place, job] : job_of_) numbers.insert(place.array);
    std::vector<std::string> names;
    std::map<std::string, std::uint32_t> number_of;
    for (const auto number : numbers) {
        names.push_back(array_of(number).name);
        number_of[names.back()] = number;
    }
    if (names.empty()) return;
    const auto queue = client_.queue(names);
    if (!queue) {
        say_once("Slurm's controller doesn't answer; its jobs go on, and are looked for again");
        return;
    }
    said_.erase("Slurm's controller doesn't answer; its jobs go on, and are looked for again");
    std::set<TaskPlace> there;
    for (const auto& task : *queue) {
        const auto number = number_of.find(task.name);
        if (number == number_of.end()) continue;
        there.insert({number->second, task.index});
        auto& array = array_of(number->second);
        if (!array.id) {  // its submission's answer was lost
            array.id = task.array;
            write_book();
        }
        if (task.is_held())
            say_once("Slurm holds job " + task.array + "_" + std::to_string(task.index) + " back (" + task.reason +
                     "); `scontrol release " + task.array + "` lets it go on");
    }
    const auto stuck = std::ranges::find_if(*queue, &QueuedTask::is_stuck);
    if (stuck != queue->end())
        say_once("Slurm's job " + stuck->array + " waits for more than its turn: " + stuck->reason);
    for (const auto& [place, job] : job_of_) {
        auto& watched = watched_.at(job);
        watched.missing = there.contains(place) ? 0 : watched.missing + 1;
    }
}

std::vector<JobEnd> SlurmJobs::settled()
{
    std::vector<JobEnd> ends;
    std::vector<std::string> again;
    for (auto& [name, watched] : watched_) {
        if (!watched.place) continue;
        auto fate = fate_of(watched.end, watched.missing);
        if (fate.kind == TaskFate::Kind::asked_after) {
            const auto task = task_of(watched);
            fate = fate_of_lost(task, client_.record(task), watched.end, watched.tries);
        }
        if (fate.kind == TaskFate::Kind::put_in_again) again.push_back(name);
        if (fate.kind == TaskFate::Kind::good || fate.kind == TaskFate::Kind::bad)
            ends.push_back({name, fate.kind == TaskFate::Kind::good, fate.how});
    }
    for (const auto& name : again) {
        auto& watched = watched_.at(name);
        std::cerr << "fedgram: " << name << " was lost as job " << task_of(watched) << ", and is submitted again"
                  << std::endl;
        job_of_.erase(*watched.place);
        watched.place.reset();
        ++watched.tries;
        unplaced_.push_back(name);
    }
    for (const auto& end : ends) {
        job_of_.erase(*watched_.at(end.name).place);
        watched_.erase(end.name);
    }
    if (!again.empty()) place();
    return ends;
}

std::string SlurmJobs::task_of(const Watched& watched) const
{
    const auto found = std::ranges::find(book_.arrays, watched.place->array, &TaskArray::number);
    return found->id.value_or(found->name) + "_" + std::to_string(watched.place->index);
}

TaskArray& SlurmJobs::array_of(std::uint32_t number)
{
    return *std::ranges::find(book_.arrays, number, &TaskArray::number);
}

void SlurmJobs::write_book() const { files::write_file(folder_ / book_file, encode(book_)); }

void SlurmJobs::say_once(const std::string& line)
{
    if (said_.insert(line).second) std::cerr << "fedgram: " << line << std::endl;
}

void SlurmJobs::stop(int signal)
{
    stopped_by_ = signal;
    std::set<std::string> ids;
    for (const auto& [place, job] : job_of_)
        if (const auto& array = array_of(place.array); array.id) ids.insert(*array.id);
    std::string list;
    for (const auto& id : ids) list += " " + id;
    if (!ids.empty())
        std::cerr << "fedgram: the runs go on as Slurm's jobs" << list
                  << "; the same command follows them again, and `scancel" << list << "` ends them" << std::endl;
}

}  // namespace fedgram::experiments::slurm
