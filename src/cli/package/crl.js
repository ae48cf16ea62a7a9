#!/usr/bin/env node
import 'class-rectification/cli';
