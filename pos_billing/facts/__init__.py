"""What every fact has: the days it holds, who said it and why, and its history."""
