"""The archive: filing, keeping times, holds, destruction."""
