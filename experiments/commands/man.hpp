#pragma once

namespace fedgram::experiments {

class CommandSet;

/// `fedgram man`, with its help: pages for man(1), of what `commands`, which outlive it, have when it is called.
void add_man(CommandSet& commands);

}  // namespace fedgram::experiments
